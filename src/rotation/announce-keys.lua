#!lua flags=allow-oom
-- A replica announces which keys it holds, and gets those of the others. Entries older than the silence are
-- dropped.
-- @keys    replicas
-- @args    replica, what it holds ('' when it only asks, or leaves), silence ms
-- @returns replica, what it holds, of each of the others
local replicas_key = KEYS[1]
local replica, holds, silence_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
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
