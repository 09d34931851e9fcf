#!lua flags=allow-oom
-- Forbids or allows new records under a key in this bucket.
-- @keys    retired
-- @args    key id, '1' to forbid, '0' to allow
-- @returns {'OK'}
local retired_key = KEYS[1]
local id, forbid = ARGV[1], ARGV[2] == '1'
if forbid then redis.call('SADD', retired_key, id) else redis.call('SREM', retired_key, id) end
return { 'OK' }
