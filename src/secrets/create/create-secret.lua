#!lua
-- Stores a new secret. Sending the same record again (after a broken connection) is the same creation.
-- @key     record
-- @key     outbox
-- @key     retired     ids of keys that no new record may use
-- @arg     origin      text     of the event
-- @arg     record      text
-- @arg     ttl_ms      number
-- @arg     facts       text     for the trail (JSON)
-- @arg     outbox_max  number   most events that may wait there
-- @arg     key_id      number
-- @arg     made_at     number?  when the record says that it was made; left out: not checked
-- @arg     apart_ms    number   how far off this clock that may be
-- @returns {'OK'} | {'EXISTS'} | {'CLOCK', now} | {'BACKLOG'} the trail is too far behind | {'RETIRED'} no new record may use this key
local ref = string.sub(record_key, -32)
-- @include time
-- @include event

local stored = redis.call('GET', record_key)
if stored then return { stored == record and 'OK' or 'EXISTS' } end
if redis.call('XLEN', outbox_key) >= outbox_max then return { 'BACKLOG' } end
if redis.call('SISMEMBER', retired_key, key_id) == 1 then return { 'RETIRED' } end
-- The record holds its expiry, authenticated by the envelope: it must come from this clock.
if made_at and math.abs(now - made_at) > apart_ms then return { 'CLOCK', now } end

record_event('created', now, facts)
-- Counted from the time of the event: a TTL would count from a later time, and outlive what the trail says.
redis.call('SET', record_key, record, 'PXAT', now + ttl_ms)
return { 'OK' }
