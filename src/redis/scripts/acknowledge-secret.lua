#!lua flags=allow-oom
-- Ends the lease of a claim now; purges the record when no view and no lease is left. Idempotent.
-- @keys    record, tombstone
-- @args    claim hash
-- @returns {'OK', 1 when purged} | {'NONE'} no such lease runs | {'MISSING'} | {'GONE', reason, at} | {'DAMAGED'}
local record_key, tombstone_key = KEYS[1], KEYS[2]
local claim = ARGV[1]
-- @include time
-- @include tombstone
-- @include record
-- @include lease

local raw = redis.call('GET', record_key)
if not raw then return ended(tombstone_key) end
local r = decode(raw)
if not r then return { 'DAMAGED' } end
local lease_end, at = lease_of(r, claim, now)
if not lease_end then return { 'NONE' } end

put_slot(r, at, string.rep('\0', SLOT))
local keep_until = last_lease(r)
if r.views == 0 and keep_until <= now then
  redis.call('DEL', record_key)
  return { 'OK', 1 }
end
if r.views == 0 then redis.call('PEXPIREAT', record_key, keep_until) end
save(record_key, r)
return { 'OK', 0 }
