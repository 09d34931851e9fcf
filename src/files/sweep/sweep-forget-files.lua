#!lua flags=allow-oom
-- Takes a secret that has ended out of the index of those that have a blob.
-- @key     record
-- @key     index   of secrets with a blob
-- @returns {'OK'} | {'LIVE'} it has not ended
local ref = string.sub(record_key, -32)

if redis.call('EXISTS', record_key) == 1 then return { 'LIVE' } end
redis.call('SREM', index_key, ref)
return { 'OK' }
