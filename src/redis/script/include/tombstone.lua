-- Tombstone: version(1) | reason(1: 1 viewed, 2 burned, 3 expired) | at(6, ms). What remains of a secret.
-- @gives   REASONS, VIEWED, BURNED, EXPIRED, ended, write_tombstone
local REASONS = { 'viewed', 'burned', 'expired' }
local VIEWED, BURNED, EXPIRED = 1, 2, 3

local function ended(key)
  local raw = redis.call('GET', key)
  if not raw or #raw ~= 8 or not REASONS[string.byte(raw, 2)] then return { 'MISSING' } end
  return { 'GONE', REASONS[string.byte(raw, 2)], (struct.unpack('>I6', raw, 3)) }
end

local function write_tombstone(key, reason, at, ttl)
  redis.call('SET', key, struct.pack('>I1I1I6', 1, reason, at), 'PX', ttl)
end
