#!lua flags=allow-oom
-- The events are committed in the database: they leave the outbox, and the signed end of the chain is kept here too,
-- where the database's owner cannot reach it.
-- @keys    outbox, head
-- @args    head (version, bucket and sequence in its first 11 bytes, big-endian), stream ids parted by line ends
-- @returns {events that left}
local outbox_key, head_key = KEYS[1], KEYS[2]
local head = ARGV[1]
local ids = {}
for id in string.gmatch(ARGV[2], '[^\n]+') do ids[#ids + 1] = id end

local left = 0
if #ids > 0 then
  redis.call('XACK', outbox_key, 'relay', unpack(ids))
  left = redis.call('XDEL', outbox_key, unpack(ids))
end
-- A relay that was held up for long must not put an older end over a newer one.
local known = redis.call('GET', head_key)
if not known or string.sub(known, 1, 11) < string.sub(head, 1, 11) then redis.call('SET', head_key, head) end
return { left }
