#!lua flags=allow-oom
-- A replica announces which keys it holds, and gets those of the others. Entries older than the silence are
-- dropped.
-- @key     replicas
-- @arg     replica     text    name of the caller
-- @arg     holds       text?   its keys; left out when it only asks, or leaves
-- @arg     silence_ms  number  after which a replica counts as gone
-- @returns replica, what it holds, of each of the others
-- @include time

local others, silent = {}, { replica }
local all = redis.call('HGETALL', replicas_key)
for at = 1, #all, 2 do
  local seen, held = string.match(all[at + 1], '^(%d+) (.*)$')
  if all[at] == replica then -- said below
  elseif seen and tonumber(seen) + silence_ms > now then
    others[#others + 1] = all[at]
    others[#others + 1] = held
  else
    silent[#silent + 1] = all[at]
  end
end

for _, name in ipairs(silent) do redis.call('HDEL', replicas_key, name) end
if holds ~= '' then
  redis.call('HSET', replicas_key, replica, string.format('%.0f %s', now, holds))
  redis.call('PEXPIRE', replicas_key, silence_ms)
end
return others
