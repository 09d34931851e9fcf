#!lua
-- Stores a new secret that has a blob; and ends its upload.
-- @keys    record, outbox, upload, index of secrets with a blob, retired
-- @args    origin, record bytes, ttl ms, facts for the trail (JSON), most events that the outbox may hold, key id,
--          when the record says that it was made, and how far off this clock that may be (ms; without both it is not checked)
-- @returns {'OK'} | {'EXISTS'} | {'CLOCK', now} | {'NO_UPLOAD'} ended already, in a secret or without | {'BACKLOG'} the trail is too far behind
--          | {'RETIRED'} no new record may use this key
local record_key, outbox_key, upload_key, index_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local origin, record, ttl, facts, outbox_max = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local made, apart_ms = tonumber(ARGV[7]), tonumber(ARGV[8])
local ref = string.sub(record_key, -32)
-- @include time
-- @include event

local stored = redis.call('GET', record_key)
if stored then return { stored == record and 'OK' or 'EXISTS' } end
-- A repeated request must not bring back what was opened meanwhile.
if redis.call('EXISTS', upload_key) == 0 then return { 'NO_UPLOAD' } end
if redis.call('XLEN', outbox_key) >= outbox_max then return { 'BACKLOG' } end
if redis.call('SISMEMBER', KEYS[5], ARGV[6]) == 1 then return { 'RETIRED' } end
-- The record holds its expiry, authenticated by the envelope: it must come from this clock.
if made and math.abs(now - made) > apart_ms then return { 'CLOCK', now } end

record_event('created', now, facts)
redis.call('SADD', index_key, ref)
redis.call('SET', record_key, record, 'PXAT', now + ttl)
redis.call('DEL', upload_key)
return { 'OK' }
