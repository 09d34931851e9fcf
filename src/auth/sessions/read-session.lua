#!lua flags=no-writes
-- Reads a session without renewing it.
-- @key     session
-- @returns {who it is (JSON), made, seen, ends (all ms, as text)} | {} there is none
local session = redis.call('HMGET', session_key, 'facts', 'made', 'seen', 'ends')
if not session[1] then return {} end
return session
