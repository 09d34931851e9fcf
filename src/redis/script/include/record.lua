-- Record: version(1) flags(1) state(1) viewsLeft(1) claims(1) headSum(4) maxViews(1) ttl(4) expiresAt(6) bodySum(4)
--         [guarded: attempts(1) lockUntil(6) verifier(32)] [files: count(2) bytes(6) payload(6)]
--         [recipients: count(1) marks(16 each)] envelope(94+) claims x [hash(16) leaseEnd(6) files: leaseLatest(6)]
-- headSum covers what scripts change, bodySum what they never change: a flipped byte is found before a burn.
-- @gives   HEAD, GUARD, FILES, MARK, ENVELOPE_MIN, LIVE, CLAIMED, decode, body_sum, body_intact, kek_known, save
local HEAD, GUARD, FILES, MARK, ENVELOPE_MIN = 24, 39, 14, 16, 94
local LIVE, CLAIMED = 1, 2

local function sum(bytes)
  return struct.pack('>I4', tonumber(string.sub(redis.sha1hex(bytes), 1, 8), 16))
end

local function head_sum(r)
  return sum(struct.pack('>I1I1I1I1I1', 1, r.flags, r.state, r.views, r.slots) .. r.guard .. r.tail)
end

local function decode(raw)
  if #raw < HEAD + ENVELOPE_MIN or string.byte(raw, 1) ~= 1 then return nil end
  local r = { raw = raw, guard = '' }
  r.flags, r.state, r.views, r.slots = string.byte(raw, 2, 5)
  r.passphrase, r.guarded, r.files, r.start = r.flags % 2 == 1, r.flags % 4 > 0, r.flags % 8 > 3, HEAD
  r.slot = r.files and 28 or 22
  r.stop, r.fixed = #raw - r.slot * r.slots, HEAD
  if r.guarded then
    r.start = HEAD + GUARD
    r.guard = string.sub(raw, HEAD + 1, HEAD + 7)
    r.attempts, r.locked_until = struct.unpack('>I1I6', r.guard)
    r.verifier, r.fixed = string.sub(raw, HEAD + 8, HEAD + GUARD), HEAD + 7
  end
  if r.files then
    r.payload = struct.unpack('>I6', raw, r.start + 9)
    r.start = r.start + FILES
  end
  if r.flags % 16 > 7 then
    local marks = r.start + 1
    r.start = marks + MARK * (string.byte(raw, marks) or 0)
    r.recipients = string.sub(raw, marks + 1, r.start)
  end
  if r.stop - r.start < ENVELOPE_MIN then return nil end
  r.tail = string.sub(raw, r.stop + 1)
  if head_sum(r) ~= string.sub(raw, 6, 9) then return nil end
  return r
end

local function body_sum(r, key)
  local facts = string.sub(r.raw, 2, 2) .. string.sub(r.raw, 10, 20)
  return sum(string.sub(key, -32) .. facts .. string.sub(r.raw, r.fixed + 1, r.stop))
end

local function body_intact(r, key)
  return body_sum(r, key) == string.sub(r.raw, 21, 24)
end

local function kek_known(r, ids)
  local id = string.sub(r.raw, r.start + 3, r.start + 6)
  for at = 1, #ids, 4 do
    if string.sub(ids, at, at + 3) == id then return true end
  end
  return false
end

-- Writes in place, so that the TTL stays and the ciphertext is not written again.
local function save(key, r)
  redis.call('SETRANGE', key, 0, struct.pack('>I1I1I1I1I1', 1, r.flags, r.state, r.views, r.slots) .. head_sum(r))
  if r.guarded then redis.call('SETRANGE', key, HEAD, r.guard) end
  if #r.tail > 0 then redis.call('SETRANGE', key, r.stop, r.tail) end
end
