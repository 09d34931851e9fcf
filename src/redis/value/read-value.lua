#!lua flags=no-writes
-- Reads a stored value.
-- @key     value
-- @returns {value} | {} there is none
local value = redis.call('GET', value_key)
return value and { value } or {}
