#!lua flags=allow-oom
-- Begins a session and ends the browser's old one in the same step. Works in a full Redis too: a signed-in
-- person must be able to open and to burn.
-- @keys    session, the old session (or the same key), index of sessions
-- @args    id of the session (hex), id of the old one (hex), who it is (JSON), idle ms, most ms
-- @returns {'OK'}
local session_key, old_key, index_key = KEYS[1], KEYS[2], KEYS[3]
local id, old_id, facts, idle_ms, most_ms = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
-- @include time

local ends = now + most_ms
redis.call('DEL', old_key)
redis.call('ZREM', index_key, old_id)
-- Sessions past their longest life; an idle one keeps its entry until then.
redis.call('ZREMRANGEBYSCORE', index_key, '-inf', now)
redis.call('HSET', session_key, 'facts', facts, 'made', now, 'seen', now, 'ends', ends)
redis.call('PEXPIRE', session_key, math.min(idle_ms, most_ms))
redis.call('ZADD', index_key, ends, id)
if redis.call('PTTL', index_key) < most_ms then redis.call('PEXPIRE', index_key, most_ms) end
return { 'OK' }
