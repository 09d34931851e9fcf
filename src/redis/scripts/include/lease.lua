-- Leases: one slot a claimant. A slot whose lease is over is used again; the tail never shrinks.
local function lease_of(r, claim, now)
  if claim == '' then return nil end
  for at = 1, #r.tail, SLOT do
    local ends = struct.unpack('>I6', r.tail, at + 16)
    if ends > now and string.sub(r.tail, at, at + 15) == claim then return ends, at end
  end
  return nil
end

local function last_lease(r)
  local last = 0
  for at = 1, #r.tail, SLOT do
    last = math.max(last, (struct.unpack('>I6', r.tail, at + 16)))
  end
  return last
end

local function put_slot(r, at, slot)
  r.tail = string.sub(r.tail, 1, at - 1) .. slot .. string.sub(r.tail, at + SLOT)
  r.slots = #r.tail / SLOT
end

local function add_lease(r, claim, ends, now)
  local free = #r.tail + 1
  for at = 1, #r.tail, SLOT do
    if struct.unpack('>I6', r.tail, at + 16) <= now then free = at break end
  end
  put_slot(r, free, claim .. struct.pack('>I6', ends))
end
