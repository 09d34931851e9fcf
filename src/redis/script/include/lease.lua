-- Leases: one slot for each claimant. An ended slot is reused; the tail never shrinks.
-- @needs   save
-- @gives   lease_of, last_lease, put_slot, add_lease, lease_until, fetch_lease, renew_lease
local function lease_of(r, claim, now)
  if claim == '' then return nil end
  for at = 1, #r.tail, r.slot do
    local ends = struct.unpack('>I6', r.tail, at + 16)
    if ends > now and string.sub(r.tail, at, at + 15) == claim then return ends, at end
  end
  return nil
end

local function last_lease(r)
  local last = 0
  for at = 1, #r.tail, r.slot do
    last = math.max(last, (struct.unpack('>I6', r.tail, at + 16)))
  end
  return last
end

local function put_slot(r, at, slot)
  r.tail = string.sub(r.tail, 1, at - 1) .. slot .. string.sub(r.tail, at + r.slot)
  r.slots = #r.tail / r.slot
end

-- The lease of files also holds its latest end.
local function add_lease(r, claim, ends, latest, now)
  local free = #r.tail + 1
  for at = 1, #r.tail, r.slot do
    if struct.unpack('>I6', r.tail, at + 16) <= now then free = at break end
  end
  put_slot(r, free, claim .. struct.pack('>I6', ends) .. (r.files and struct.pack('>I6', latest) or ''))
end

-- While other views are left, the secret's own expiry bounds the lease.
local function lease_until(r, key, wanted, now)
  if r.views > 0 then return math.min(wanted, now + redis.call('PTTL', key)) end
  return wanted
end

-- Files: the length of a lease after a claim or a fetch. A proxy may buffer all of the answer while its slow
-- client has a part of it, so the lease lasts for the whole payload at the slowest rate, plus one lease.
local function fetch_lease(r, lease_ms, min_rate)
  return lease_ms + math.ceil(r.payload * 1000 / min_rate)
end

-- Files: renews the lease at a slot. Writes the record.
local function renew_lease(r, key, at, ends, lease_ms, now)
  local latest = struct.unpack('>I6', r.tail, at + 22)
  local renewed = math.max(ends, lease_until(r, key, math.min(now + lease_ms, latest), now))
  put_slot(r, at, string.sub(r.tail, at, at + 15) .. struct.pack('>I6I6', renewed, latest))
  if r.views == 0 then redis.call('PEXPIREAT', key, last_lease(r)) end
  save(key, r)
  return renewed
end
