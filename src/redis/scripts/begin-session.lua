#!lua flags=allow-oom
-- Begins a session; the one that the browser had is over in the same step. Works in a full Redis too: whoever
-- has proved who they are must get in to open and to burn.
-- @keys    session, the old session (or the same key), index of sessions
-- @args    id of the session (hex), id of the old one (hex), who it is (JSON), idle ms, most ms
-- @returns {'OK'}
local session_key, old_key, index_key = KEYS[1], KEYS[2], KEYS[3]
local id, old_id, facts, idle_ms, most_ms = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
-- @include time

local ends = now + most_ms
redis.call('DEL', old_key)
redis.call('ZREM', index_key, old_id)
-- Those that are over by age; of idle ones the entry waits for that.
redis.call('ZREMRANGEBYSCORE', index_key, '-inf', now)
redis.call('HSET', session_key, 'facts', facts, 'made', now, 'seen', now, 'ends', ends)
redis.call('PEXPIRE', session_key, math.min(idle_ms, most_ms))
redis.call('ZADD', index_key, ends, id)
if redis.call('PTTL', index_key) < most_ms then redis.call('PEXPIRE', index_key, most_ms) end
return { 'OK' }
