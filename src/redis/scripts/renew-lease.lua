#!lua flags=allow-oom
-- Files: whoever fetches them under a claim goes on, so the lease begins anew. Hands nothing out, records nothing.
-- @keys    record
-- @args    claim hash, lease ms
-- @returns {'OK', lease end} | {'NONE'} no such lease runs
local record_key = KEYS[1]
local claim, lease_ms = ARGV[1], tonumber(ARGV[2])
-- @include time
-- @include record
-- @include lease

local raw = redis.call('GET', record_key)
local r = raw and decode(raw)
if not r or not r.files then return { 'NONE' } end
local lease_end, slot = lease_of(r, claim, now)
if not lease_end then return { 'NONE' } end
return { 'OK', renew_lease(r, record_key, slot, lease_end, lease_ms, now) }
