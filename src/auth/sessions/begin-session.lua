#!lua flags=allow-oom
-- Begins a session and ends the browser's old one in the same step. Works in a full Redis too: a signed-in
-- person must be able to open and to burn.
-- @key     session
-- @key     old      the browser's old session, or the same key
-- @key     index    of sessions
-- @arg     id       text    hex
-- @arg     old_id   text    hex
-- @arg     facts    text    who it is (JSON)
-- @arg     idle_ms  number
-- @arg     most_ms  number
-- @returns {'OK'}
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
