#!lua flags=allow-oom
-- The events are committed in the database: removes them from the outbox and stores the signed head of the
-- chain, where the owner of the database cannot reach it. The head is stored only when all that lies before
-- it was here: a server that has gone back in time must not hide that.
-- @keys    outbox, head
-- @args    head, head that the new events were chained behind (version, bucket and sequence in the first 11 bytes of
--          both, big-endian), stream ids of the new events, stream ids of those that were known (both parted by line ends)
-- @returns {'OK', events that left} | {'BEHIND', events that left}
local outbox_key, head_key = KEYS[1], KEYS[2]
local head, base = ARGV[1], string.sub(ARGV[2], 1, 11)
local reached = string.sub(redis.call('GET', head_key) or string.sub(head, 1, 3) .. string.rep('\0', 8), 1, 11)

local function drop(text)
  local ids = {}
  for id in string.gmatch(text, '[^\n]+') do ids[#ids + 1] = id end
  if #ids == 0 then return 0, 0 end
  redis.call('XACK', outbox_key, 'relay', unpack(ids))
  return redis.call('XDEL', outbox_key, unpack(ids)), #ids
end

local left, asked = drop(ARGV[3])
local known = drop(ARGV[4])
-- A delayed relay must not overwrite a newer head with an older one.
if reached >= string.sub(head, 1, 11) then return { 'OK', left + known } end
if reached < base or left < asked then return { 'BEHIND', left + known } end
redis.call('SET', head_key, head)
return { 'OK', left + known }
