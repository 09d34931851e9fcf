#!lua flags=allow-oom
-- Ends the lock of a passphrase and resets the attempts. Changes nothing when there are none.
-- @key     record
-- @key     tombstone
-- @key     outbox
-- @arg     origin     text  of the event
-- @returns {'OK', 1 when something changed} | {'GONE', reason, at} | {'MISSING'} | {'DAMAGED'}
local ref = string.sub(record_key, -32)
-- @include time
-- @include event
-- @include tombstone
-- @include record

local raw = redis.call('GET', record_key)
if not raw then return ended(tombstone_key) end
local r = decode(raw)
if not r then return { 'DAMAGED' } end
if r.views == 0 then return ended(tombstone_key) end
if not r.guarded or (r.attempts == 0 and r.locked_until <= now) then return { 'OK', 0 } end

record_event('unlocked', now, '{"by":"administrator"}')
r.guard = struct.pack('>I1I6', 0, 0)
save(record_key, r)
return { 'OK', 1 }
