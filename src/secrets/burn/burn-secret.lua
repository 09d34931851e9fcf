#!lua flags=allow-oom
-- Destroys a secret unread. Recipients need the same credentials as for opening; sender and administrator need none.
-- @key     record
-- @key     tombstone
-- @key     outbox
-- @arg     origin        text    of the event
-- @arg     verifier      text?   of a passphrase or a proof
-- @arg     authority     text?   'sender', 'system' or 'administrator': they need no credentials
-- @arg     attempts_max  number
-- @arg     lock_ms       number
-- @arg     tombstone_ms  number
-- @arg     reader        text?   mark of the signed-in reader
-- @returns {'OK'} | {'GONE', reason, at} | {'MISSING'} | {'SIGN_IN'} | {'NOT_RECIPIENT'} | {'DAMAGED'} | {'LOCKED', until}
--          | {'REQUIRED', flags} | {'WRONG', flags, left or -1}
local authorised = authority ~= '' and authority
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
