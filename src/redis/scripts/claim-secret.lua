#!lua flags=allow-oom
-- Takes one view, or says why not. All checks stand before the first write.
-- @keys    record, tombstone, outbox
-- @args    origin, verifier ('' none), claim hash ('' none), known key ids (4 bytes each), lease ms, attempts, lock ms,
--          tombstone ms
-- @returns {'OK', record without claims, views left, lease end or 0, 1 for a retry} | {'GONE', reason, at} | {'MISSING'}
--          | {'DAMAGED'} | {'UNKNOWN_KEY'} | {'LOCKED', until} | {'REQUIRED', flags} | {'WRONG', flags, left or -1}
local record_key, tombstone_key, outbox_key = KEYS[1], KEYS[2], KEYS[3]
local origin, verifier, claim, key_ids = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local lease_ms, attempts_max, lock_ms = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local tombstone_ms, ref = ARGV[8], string.sub(record_key, -32)
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

local lease_end = lease_of(r, claim, now)
if r.views == 0 and not lease_end then return ended(tombstone_key) end
if not kek_known(r, key_ids) then return { 'UNKNOWN_KEY' } end

local content = string.sub(raw, 1, r.stop)
if lease_end then
  -- The claim proves that this reader passed the guard before: a slip here is not counted as a guess.
  if r.guarded and verifier == '' then return { 'REQUIRED', r.flags } end
  if r.guarded and verifier ~= r.verifier then return { 'WRONG', r.flags, -1 } end
  record_event('view_retried', now, '')
  return { 'OK', content, r.views, lease_end, 1 }
end
local refusal = refused(record_key, r, verifier, now, attempts_max, lock_ms)
if refusal then return refusal end

r.views = r.views - 1
if r.guarded then r.guard = struct.pack('>I1I6', 0, 0) end
lease_end = 0
if claim ~= '' then
  lease_end = now + lease_ms
  -- While other views are left, the secret's own end comes first: a lease must not promise more.
  if r.views > 0 then lease_end = math.min(lease_end, now + redis.call('PTTL', record_key)) end
  add_lease(r, claim, lease_end, now)
end
local keep_until = last_lease(r)
record_event('viewed', now, string.format('{"viewsLeft":%d}', r.views))
if r.views == 0 then bury(tombstone_key, VIEWED, now, tombstone_ms) end
if r.views == 0 and keep_until <= now then
  redis.call('DEL', record_key)
else
  if r.views == 0 then
    r.state = CLAIMED
    redis.call('PEXPIREAT', record_key, keep_until)
  end
  save(record_key, r)
end
return { 'OK', content, r.views, lease_end, 0 }
