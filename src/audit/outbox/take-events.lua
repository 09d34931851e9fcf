#!lua flags=allow-oom
-- Hands the oldest events of a bucket to a relay: first those that were taken and never settled, then new
-- ones. When two relays get the same events only one can commit: each locks the bucket's row in the database.
-- @key     outbox
-- @key     head
-- @arg     most    number  of events
-- @returns {head ('' none), events, for each of them stream id, action, ref, at, origin, extra, all parted by line ends}
--          One text, since six thousand values cost the reader more than to store them. JSON holds no line end.
--          Of an entry that no script of ours wrote only the stream id is told, and five empty fields.
-- One name for all relays: only one at a time works on a bucket, and it owns what is pending.
local GROUP, CONSUMER = 'relay', 'relay'

local head, fields = redis.call('GET', head_key) or '', {}
local function answer() return { head, #fields / 6, table.concat(fields, '\n') } end
local function hand_over(entries)
  for _, entry in ipairs(entries) do
    -- Redis 6.2 returns deleted pending entries without fields.
    if entry and entry[2] then
      local values = entry[2]
      local ours = #values == 10
      for at = 2, #values, 2 do ours = ours and not string.find(values[at], '\n', 1, true) end
      fields[#fields + 1] = entry[1]
      for at = 2, 10, 2 do fields[#fields + 1] = ours and values[at] or '' end
    end
  end
  return #entries
end

if redis.call('XLEN', outbox_key) == 0 then return answer() end
local pending = redis.pcall('XAUTOCLAIM', outbox_key, GROUP, CONSUMER, 0, '0', 'COUNT', most)
if pending.err then
  redis.call('XGROUP', 'CREATE', outbox_key, GROUP, '0')
  pending = { '0-0', {} }
end
local left = most - hand_over(pending[2])
if left > 0 then
  local fresh = redis.call('XREADGROUP', 'GROUP', GROUP, CONSUMER, 'COUNT', left, 'STREAMS', outbox_key, '>')
  if fresh then hand_over(fresh[1][2]) end
end
return answer()
