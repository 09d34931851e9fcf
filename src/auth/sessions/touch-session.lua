#!lua flags=allow-oom
-- Reads a session and restarts its idle limit, up to its end. Writes at most every twentieth of the limit,
-- since each write costs a flush to the disk.
-- @key     session
-- @arg     idle_ms  number
-- @returns {who it is (JSON)} | {} there is none
-- @include time

local session = redis.call('HMGET', session_key, 'facts', 'seen', 'ends')
local facts, seen, ends = session[1], tonumber(session[2]), tonumber(session[3])
if not facts then return {} end
if now - seen >= idle_ms / 20 then
  redis.call('HSET', session_key, 'seen', now)
  redis.call('PEXPIRE', session_key, math.min(idle_ms, ends - now))
end
return { facts }
