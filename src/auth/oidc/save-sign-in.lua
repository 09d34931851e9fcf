#!lua flags=allow-oom
-- Keeps a sign-in until the browser is back from the provider. Works in a full Redis too: otherwise a secret
-- with recipients could not be opened and burnt. The rate limit bounds how many are begun.
-- @key     sign_in
-- @arg     state    text    its hash, 32 bytes
-- @arg     record   text    sealed
-- @arg     ttl_ms   number
-- @returns {'OK'}
redis.call('SET', sign_in_key, state .. record, 'PX', ttl_ms)
return { 'OK' }
