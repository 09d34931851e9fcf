#!lua flags=allow-oom
-- Keeps a value as it is, in place of the one before.
-- @keys    value
-- @args    value
-- @returns {'OK'}
local key, value = KEYS[1], ARGV[1]
redis.call('SET', key, value)
return { 'OK' }
