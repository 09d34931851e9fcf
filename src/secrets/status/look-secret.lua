#!lua flags=no-writes
-- Reads the status of a secret without changing it.
-- @key     record
-- @key     tombstone
-- @returns {'OK', head and guard, bytes of the envelope, opened at or 0, now} | {'GONE', reason, at} | {'MISSING'} | {'DAMAGED'}
-- @include time
-- @include tombstone
-- @include record

local raw = redis.call('GET', record_key)
if not raw then return ended(tombstone_key) end
local r = decode(raw)
if not r then return { 'DAMAGED' } end
local opened_at = 0
if r.views == 0 then
  local tombstone = ended(tombstone_key)
  opened_at = tombstone[3] or now
end
return { 'OK', string.sub(raw, 1, r.start), r.stop - r.start, opened_at, now }
