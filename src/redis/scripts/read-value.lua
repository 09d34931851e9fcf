#!lua flags=no-writes
-- Reads a value that is kept as it is.
-- @keys    value
-- @args    none
-- @returns {value} | {} there is none
local value = redis.call('GET', KEYS[1])
return value and { value } or {}
