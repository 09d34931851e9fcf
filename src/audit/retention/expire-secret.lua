#!lua flags=allow-oom
-- Records that a secret ended unread with its time, unless it is still live or ended otherwise.
-- @key     record
-- @key     tombstone
-- @key     outbox
-- @arg     origin        text    of the event
-- @arg     expired_at    number  ms since the epoch
-- @arg     tombstone_ms  number
-- @returns {'OK'} | {'LIVE'} | {'GONE', reason, at} an end is known already
local ref = string.sub(record_key, -32)
-- @include event
-- @include tombstone

if redis.call('EXISTS', record_key) == 1 then return { 'LIVE' } end
local known = ended(tombstone_key)
if known[1] == 'GONE' then return known end

-- The tombstone keeps a second replica from recording it again.
record_event('expired', expired_at, '')
write_tombstone(tombstone_key, EXPIRED, expired_at, tombstone_ms)
return { 'OK' }
