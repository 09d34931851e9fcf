#!lua flags=allow-oom
-- Ends the lease of a claim now; purges the record when no view and no lease is left. Idempotent.
-- @key     record
-- @key     tombstone
-- @key     outbox
-- @arg     origin     text  of the event
-- @arg     claim      text  its hash
-- @returns {'OK', 1 when purged} | {'NONE'} no such lease runs | {'MISSING'} | {'GONE', reason, at} | {'DAMAGED'}
local ref = string.sub(record_key, -32)
-- @include time
-- @include event
-- @include tombstone
-- @include record
-- @include lease

local raw = redis.call('GET', record_key)
if not raw then return ended(tombstone_key) end
local r = decode(raw)
if not r then return { 'DAMAGED' } end
local lease_end, at = lease_of(r, claim, now)
if not lease_end then return { 'NONE' } end

put_slot(r, at, string.rep('\0', r.slot))
local keep_until = last_lease(r)
local purged = r.views == 0 and keep_until <= now
record_event('acknowledged', now, purged and '{"purged":true}' or '{"purged":false}')
if purged then
  redis.call('DEL', record_key)
else
  if r.views == 0 then redis.call('PEXPIREAT', record_key, keep_until) end
  save(record_key, r)
end
return { 'OK', purged and 1 or 0 }
