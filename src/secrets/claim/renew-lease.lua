#!lua flags=allow-oom
-- Files: renews the lease while the bytes arrive at the claimant. Hands nothing out, records nothing.
-- @key     record
-- @key     tombstone
-- @arg     claim      text    its hash
-- @arg     lease_ms   number
-- @returns {'OK', lease end} | {'NONE'} no such lease runs | {'MISSING'} also of a text | {'GONE', reason, at} | {'DAMAGED'}
-- @include time
-- @include tombstone
-- @include record
-- @include lease

local raw = redis.call('GET', record_key)
if not raw then return ended(tombstone_key) end
local r = decode(raw)
if not r then return { 'DAMAGED' } end
if not r.files then return { 'MISSING' } end
local lease_end, slot = lease_of(r, claim, now)
if not lease_end then return r.views == 0 and ended(tombstone_key) or { 'NONE' } end
return { 'OK', renew_lease(r, record_key, slot, lease_end, lease_ms, now) }
