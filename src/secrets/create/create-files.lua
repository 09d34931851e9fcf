#!lua
-- Stores a new secret that has a blob; and ends its upload.
-- @key     record
-- @key     outbox
-- @key     upload
-- @key     index       of secrets with a blob
-- @key     retired     ids of keys that no new record may use
-- @arg     origin      text     of the event
-- @arg     record      text
-- @arg     ttl_ms      number
-- @arg     facts       text     for the trail (JSON)
-- @arg     outbox_max  number   most events that may wait there
-- @arg     key_id      number
-- @arg     made_at     number?  when the record says that it was made; left out: not checked
-- @arg     apart_ms    number   how far off this clock that may be
-- @returns {'OK'} | {'EXISTS'} | {'CLOCK', now} | {'NO_UPLOAD'} ended already, in a secret or without | {'BACKLOG'} the trail is too far behind
--          | {'RETIRED'} no new record may use this key
local ref = string.sub(record_key, -32)
-- @include time
-- @include event

local stored = redis.call('GET', record_key)
if stored then return { stored == record and 'OK' or 'EXISTS' } end
-- A repeated request must not bring back what was opened meanwhile.
if redis.call('EXISTS', upload_key) == 0 then return { 'NO_UPLOAD' } end
if redis.call('XLEN', outbox_key) >= outbox_max then return { 'BACKLOG' } end
if redis.call('SISMEMBER', retired_key, key_id) == 1 then return { 'RETIRED' } end
-- The record holds its expiry, authenticated by the envelope: it must come from this clock.
if made_at and math.abs(now - made_at) > apart_ms then return { 'CLOCK', now } end

record_event('created', now, facts)
redis.call('SADD', index_key, ref)
redis.call('SET', record_key, record, 'PXAT', now + ttl_ms)
redis.call('DEL', upload_key)
return { 'OK' }
