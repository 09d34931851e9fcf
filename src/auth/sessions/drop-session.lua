#!lua flags=allow-oom
-- Ends a session.
-- @keys    session, index of sessions
-- @args    id of the session (hex)
-- @returns {1 when there was one, else 0}
local session_key, index_key = KEYS[1], KEYS[2]
local id = ARGV[1]
redis.call('ZREM', index_key, id)
return { redis.call('DEL', session_key) }
