#!lua flags=allow-oom
-- Stores a value as it is, in place of the previous one.
-- @keys    value
-- @args    value
-- @returns {'OK'}
local key, value = KEYS[1], ARGV[1]
redis.call('SET', key, value)
return { 'OK' }
