#!lua flags=allow-oom
-- Binds this Redis to one place (a database, a blob store): the first id is kept. Answers in a full Redis
-- too: the relay asks after each outage, and moving events makes room.
-- @key     binding
-- @arg     id       text  of the place that asks
-- @returns {id of the place that it is bound to}
redis.call('SET', binding_key, id, 'NX')
return { redis.call('GET', binding_key) }
