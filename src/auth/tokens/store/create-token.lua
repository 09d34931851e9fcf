#!lua
-- Stores a new API token under its hash and lists it. Everything expires by itself: the record some time
-- after the token, so that its owner can see that it has expired, and a list with the last record that was
-- put into it.
-- @key     record
-- @key     all       list of all tokens
-- @key     owner     list of the owner's tokens
-- @arg     id        text    hex
-- @arg     hash      text    32 bytes
-- @arg     name      text
-- @arg     owner     text
-- @arg     scopes    text    parted by commas
-- @arg     ttl_ms    number
-- @arg     after_ms  number  how long it stays listed after its end
-- @returns {'OK', created at, expires at} | {'EXISTS'}
-- @include time

if redis.call('EXISTS', record_key) == 1 then return { 'EXISTS' } end
local expires, kept_ms = now + ttl_ms, ttl_ms + after_ms
redis.call('HSET', record_key, 'hash', hash, 'name', name, 'owner', owner, 'scopes', scopes, 'created', now, 'expires', expires, 'used', 0)
redis.call('PEXPIREAT', record_key, expires + after_ms)
for _, list_key in ipairs({ all_key, owner_key }) do
  redis.call('ZADD', list_key, now, id)
  if redis.call('PTTL', list_key) < kept_ms then redis.call('PEXPIRE', list_key, kept_ms) end
end
return { 'OK', now, expires }
