#!lua flags=allow-oom
-- Brings a secret to its state in the trail: burns one that has come back with views that were taken, and
-- restores the tombstone of one that ended.
-- @key     record
-- @key     tombstone
-- @key     outbox
-- @arg     origin        text    of the event
-- @arg     views_left    number  by the trail
-- @arg     reason        text    how it ended; '' it has not
-- @arg     ended_at      number  ms since the epoch
-- @arg     tombstone_ms  number
-- @arg     is_dry        flag    changes nothing
-- @returns {'SAME'} | {'REVIVED'} | {'LOST'} it should be live, and there is none | {'DAMAGED'}
local ref = string.sub(record_key, -32)
-- @include time
-- @include event
-- @include tombstone
-- @include record

local code = ({ viewed = VIEWED, burned = BURNED, expired = EXPIRED })[reason]
local raw = redis.call('GET', record_key)
if raw then
  local r = decode(raw)
  if not r then return { 'DAMAGED' } end
  if r.views <= views_left then return { 'SAME' } end
  if is_dry then return { 'REVIVED' } end
  record_event('burned', now, '{"by":"system"}')
  redis.call('DEL', record_key)
  write_tombstone(tombstone_key, code or BURNED, code and ended_at or now, tombstone_ms)
  return { 'REVIVED' }
end
if ended(tombstone_key)[1] == 'GONE' then return { 'SAME' } end
if not code then return { 'LOST' } end
local rest = ended_at + tombstone_ms - now
if rest > 0 and not is_dry then write_tombstone(tombstone_key, code, ended_at, rest) end
return { 'SAME' }
