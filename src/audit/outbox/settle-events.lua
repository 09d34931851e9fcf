#!lua flags=allow-oom
-- The events are committed in the database: removes them from the outbox and stores the signed head of the
-- chain, where the owner of the database cannot reach it. The head is stored only when all that lies before
-- it was here: a server that has gone back in time must not hide that.
-- @key     outbox
-- @key     head
-- @arg     head    text  signed head; version, bucket and sequence in its first 11 bytes, big-endian
-- @arg     base    text  head that the new events were chained behind
-- @arg     added   text  stream ids of the new events, parted by line ends
-- @arg     known   text  stream ids of events that the database had already, likewise
-- @returns {'OK', events that left} | {'BEHIND', events that left}
local reached = string.sub(redis.call('GET', head_key) or string.sub(head, 1, 3) .. string.rep('\0', 8), 1, 11)

local function drop(text)
  local ids = {}
  for id in string.gmatch(text, '[^\n]+') do ids[#ids + 1] = id end
  if #ids == 0 then return 0, 0 end
  redis.call('XACK', outbox_key, 'relay', unpack(ids))
  return redis.call('XDEL', outbox_key, unpack(ids)), #ids
end

local left, asked = drop(added)
local dropped = drop(known)
-- A delayed relay must not overwrite a newer head with an older one.
if reached >= string.sub(head, 1, 11) then return { 'OK', left + dropped } end
if reached < string.sub(base, 1, 11) or left < asked then return { 'BEHIND', left + dropped } end
redis.call('SET', head_key, head)
return { 'OK', left + dropped }
