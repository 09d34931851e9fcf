#!lua flags=allow-oom
-- Keeps a sign-in until the browser is back from the provider. Works in a full Redis too: otherwise a secret
-- with recipients could not be opened and burnt. The rate limit bounds how many are begun.
-- @keys    sign-in
-- @args    hash of the state (32 bytes), sealed record, ttl ms
-- @returns {'OK'}
local sign_in_key = KEYS[1]
local state, record, ttl = ARGV[1], ARGV[2], ARGV[3]
redis.call('SET', sign_in_key, state .. record, 'PX', ttl)
return { 'OK' }
