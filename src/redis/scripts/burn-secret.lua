#!lua flags=allow-oom
-- Destroys a secret unread. What guards its opening guards its burning; the sender's receipt needs neither.
-- @keys    record, tombstone
-- @args    verifier ('' none), '1' when authorised by the receipt, attempts, lock ms, tombstone ms
-- @returns {'OK'} | {'GONE', reason, at} | {'MISSING'} | {'DAMAGED'} | {'LOCKED', until} | {'REQUIRED', flags}
--          | {'WRONG', flags, left or -1}
local record_key, tombstone_key = KEYS[1], KEYS[2]
local verifier, authorised = ARGV[1], ARGV[2] == '1'
local attempts_max, lock_ms, tombstone_ms = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
-- @include time
-- @include tombstone
-- @include record
-- @include guard

local raw = redis.call('GET', record_key)
if not raw then return ended(tombstone_key) end
local r = decode(raw)
-- A sender must be able to destroy even what no longer reads.
if not r and not authorised then return { 'DAMAGED' } end
if r and r.views == 0 then return ended(tombstone_key) end
if not authorised then
  local refusal = refused(record_key, r, verifier, now, attempts_max, lock_ms)
  if refusal then return refusal end
end

redis.call('DEL', record_key)
bury(tombstone_key, BURNED, now, tombstone_ms)
return { 'OK' }
