#!lua flags=allow-oom
-- Stores a value as it is, in place of the previous one.
-- @key     value
-- @arg     value  text
-- @returns {'OK'}
redis.call('SET', value_key, value)
return { 'OK' }
