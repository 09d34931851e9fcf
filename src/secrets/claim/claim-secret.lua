#!lua flags=allow-oom
-- Takes one view, or returns why not. All checks come before the first write.
-- @key     record
-- @key     tombstone
-- @key     outbox
-- @arg     origin          text    of the event
-- @arg     verifier        text?   of a passphrase or a proof
-- @arg     claim           text?   its hash
-- @arg     key_ids         text    known ones, 4 bytes each
-- @arg     lease_ms        number  of a text
-- @arg     attempts_max    number
-- @arg     lock_ms         number
-- @arg     tombstone_ms    number
-- @arg     files_lease_ms  number
-- @arg     files_most_ms   number  longest lease of files
-- @arg     quiet           flag    fetching it again writes no event
-- @arg     reader          text?   mark of the signed-in reader
-- @arg     files_min_rate  number  slowest bytes per second
-- @returns {'OK', record without claims, views left, lease end or 0, 1 for a retry} | {'GONE', reason, at} | {'MISSING'}
--          | {'SIGN_IN'} | {'NOT_RECIPIENT'} | {'DAMAGED'} | {'UNKNOWN_KEY'} | {'CLAIM'} files need a claim | {'LOCKED', until} | {'REQUIRED', flags} | {'WRONG', flags, left or -1}
local ref = string.sub(record_key, -32)
-- @include time
-- @include event
-- @include tombstone
-- @include record
-- @include lease
-- @include guard

local raw = redis.call('GET', record_key)
if not raw then return ended(tombstone_key) end
local r = decode(raw)
if not r or not body_intact(r, record_key) then return { 'DAMAGED' } end

local lease_end, slot = lease_of(r, claim, now)
if r.views == 0 and not lease_end then return ended(tombstone_key) end
local refusal = turned_away(r, reader, now)
if refusal then return refusal end
if not kek_known(r, key_ids) then return { 'UNKNOWN_KEY' } end
if r.files and claim == '' then return { 'CLAIM' } end

local content = string.sub(raw, 1, r.stop)
if r.files then lease_ms = math.min(fetch_lease(r, files_lease_ms, files_min_rate), files_most_ms) end
if lease_end then
  -- The claim proves that this reader passed the checks before: a wrong passphrase here is not counted as a
  -- guess.
  if r.guarded and verifier == '' then return { 'REQUIRED', r.flags } end
  if r.guarded and verifier ~= r.verifier then return { 'WRONG', r.flags, -1 } end
  if not quiet then record_event('view_retried', now, '') end
  if r.files then lease_end = renew_lease(r, record_key, slot, lease_end, lease_ms, now) end
  return { 'OK', content, r.views, lease_end, 1 }
end
refusal = refused(record_key, r, verifier, now, attempts_max, lock_ms)
if refusal then return refusal end
r.views = r.views - 1
if r.guarded then r.guard = struct.pack('>I1I6', 0, 0) end
lease_end = 0
if claim ~= '' then
  lease_end = lease_until(r, record_key, now + lease_ms, now)
  add_lease(r, claim, lease_end, now + files_most_ms, now)
end
local keep_until = last_lease(r)
record_event('viewed', now, string.format('{"viewsLeft":%d}', r.views))
if r.views == 0 then write_tombstone(tombstone_key, VIEWED, now, tombstone_ms) end
if r.views == 0 and keep_until <= now then
  redis.call('DEL', record_key)
else
  if r.views == 0 then r.state = CLAIMED end
  if r.views == 0 then redis.call('PEXPIREAT', record_key, keep_until) end
  save(record_key, r)
end
return { 'OK', content, r.views, lease_end, 0 }
