#!lua flags=allow-oom
-- Reads the number of refused requests by hour, and deletes old hours.
-- @key     refused  refused hits by hour
-- @arg     oldest   number  hour since the epoch that is kept
-- @returns {hour, hits, hour, hits, ...}
local counted, reply = redis.call('HGETALL', refused_key), {}
for at = 1, #counted, 2 do
  local hour = tonumber(counted[at])
  if hour < oldest then
    redis.call('HDEL', refused_key, counted[at])
  else
    reply[#reply + 1] = hour
    reply[#reply + 1] = tonumber(counted[at + 1])
  end
end
return reply
