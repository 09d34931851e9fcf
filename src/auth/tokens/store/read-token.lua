#!lua flags=no-writes
-- Reads the facts of an API token for a list; does not count as a use.
-- @key     record
-- @returns {'OK', name, owner, scopes, created at, expires at, last use or 0} | {'MISSING'}
local r = redis.call('HMGET', record_key, 'name', 'owner', 'scopes', 'created', 'expires', 'used')
if not r[1] then return { 'MISSING' } end
return { 'OK', r[1], r[2], r[3], tonumber(r[4]), tonumber(r[5]), tonumber(r[6]) }
