#!lua
-- Stores a new secret. Sending the same record again (after a broken connection) is the same creation.
-- @keys    record, outbox, retired
-- @args    origin, record bytes, ttl ms, facts for the trail (JSON), most events that the outbox may hold, key id,
--          when the record says that it was made, and how far off this clock that may be (ms; without both it is not checked)
-- @returns {'OK'} | {'EXISTS'} | {'CLOCK', now} | {'BACKLOG'} the trail is too far behind | {'RETIRED'} no new record may use this key
local record_key, outbox_key, retired_key = KEYS[1], KEYS[2], KEYS[3]
local origin, record, ttl, facts, outbox_max = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local made, apart_ms = tonumber(ARGV[7]), tonumber(ARGV[8])
local ref = string.sub(record_key, -32)
-- @include time
-- @include event

local stored = redis.call('GET', record_key)
if stored then return { stored == record and 'OK' or 'EXISTS' } end
if redis.call('XLEN', outbox_key) >= outbox_max then return { 'BACKLOG' } end
if redis.call('SISMEMBER', retired_key, ARGV[6]) == 1 then return { 'RETIRED' } end
-- The record holds its expiry, authenticated by the envelope: it must come from this clock.
if made and math.abs(now - made) > apart_ms then return { 'CLOCK', now } end

record_event('created', now, facts)
-- Counted from the time of the event: a TTL would count from a later time, and outlive what the trail says.
redis.call('SET', record_key, record, 'PXAT', now + ttl)
return { 'OK' }
