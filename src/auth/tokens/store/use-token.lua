#!lua flags=allow-oom
-- Finds the API token of a hash, for one request, and stores the time of use, coarsely to save writes.
-- @key     record
-- @arg     hash        text    32 bytes
-- @arg     between_ms  number  least time between two writes
-- @returns {'OK', name, owner, scopes, created at, expires at, last use or 0} | {'EXPIRED', at} | {'MISSING'}
-- @include time

local r = redis.call('HMGET', record_key, 'hash', 'name', 'owner', 'scopes', 'created', 'expires', 'used')
if r[1] ~= hash then return { 'MISSING' } end
local expires, used = tonumber(r[6]), tonumber(r[7])
if expires <= now then return { 'EXPIRED', expires } end
if now - used >= between_ms then
  used = now
  redis.call('HSET', record_key, 'used', used)
end
return { 'OK', r[2], r[3], r[4], tonumber(r[5]), expires, used }
