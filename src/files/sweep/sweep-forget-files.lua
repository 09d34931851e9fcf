#!lua flags=allow-oom
-- Takes a secret that has ended out of the index of those that have a blob.
-- @keys    record, index of secrets with a blob
-- @args    none
-- @returns {'OK'} | {'LIVE'} it has not ended
local record_key, index_key = KEYS[1], KEYS[2]
local ref = string.sub(record_key, -32)

if redis.call('EXISTS', record_key) == 1 then return { 'LIVE' } end
redis.call('SREM', index_key, ref)
return { 'OK' }
