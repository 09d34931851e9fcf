#!lua flags=allow-oom
-- Ends a session.
-- @key     session
-- @key     index    of sessions
-- @arg     id       text  hex
-- @returns {1 when there was one, else 0}
redis.call('ZREM', index_key, id)
return { redis.call('DEL', session_key) }
