#!lua flags=no-writes
-- Reads a stored value.
-- @keys    value
-- @args    none
-- @returns {value} | {} there is none
local value = redis.call('GET', KEYS[1])
return value and { value } or {}
