#!lua flags=allow-oom
-- Destroys a secret unread. Recipients need the same credentials as for opening; sender and administrator need none.
-- @keys    record, tombstone, outbox
-- @args    origin, verifier ('' none), 'sender', 'system' or 'administrator' when one may do it without ('' none), attempts, lock ms, tombstone ms,
--          mark of the reader ('' not signed in)
-- @returns {'OK'} | {'GONE', reason, at} | {'MISSING'} | {'SIGN_IN'} | {'NOT_RECIPIENT'} | {'DAMAGED'} | {'LOCKED', until}
--          | {'REQUIRED', flags} | {'WRONG', flags, left or -1}
local record_key, tombstone_key, outbox_key = KEYS[1], KEYS[2], KEYS[3]
local origin, verifier, authorised = ARGV[1], ARGV[2], ARGV[3] ~= '' and ARGV[3]
local attempts_max, lock_ms, tombstone_ms = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local reader = ARGV[7]
local ref = string.sub(record_key, -32)
-- @include time
-- @include event
-- @include tombstone
-- @include record
-- @include guard

local raw = redis.call('GET', record_key)
if not raw then return ended(tombstone_key) end
local r = decode(raw)
-- Callers that need no credentials can destroy even a damaged record.
if not r and not authorised then return { 'DAMAGED' } end
if r and r.views == 0 then return ended(tombstone_key) end
if not authorised then
  local refusal = turned_away(r, reader, now) or refused(record_key, r, verifier, now, attempts_max, lock_ms)
  if refusal then return refusal end
end

record_event('burned', now, string.format('{"by":"%s"}', authorised or 'reader'))
redis.call('DEL', record_key)
write_tombstone(tombstone_key, BURNED, now, tombstone_ms)
return { 'OK' }
