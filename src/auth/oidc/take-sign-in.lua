#!lua flags=allow-oom
-- Returns a sign-in once, to the request that has its state; a wrong state leaves it, so that another site
-- cannot spoil it.
-- @key     sign_in
-- @arg     state    text  its hash, 32 bytes
-- @returns {'OK', sealed record} | {'WRONG'} it has another state | {} there is none
local stored = redis.call('GET', sign_in_key)
if not stored then return {} end
if string.sub(stored, 1, 32) ~= state then return { 'WRONG' } end
redis.call('DEL', sign_in_key)
return { 'OK', string.sub(stored, 33) }
