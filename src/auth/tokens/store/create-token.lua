#!lua
-- Stores a new API token under its hash and lists it. Everything expires by itself: the record some time
-- after the token, so that its owner can see that it has expired, and a list with the last record that was
-- put into it.
-- @keys    record, list of everybody's, list of the owner's
-- @args    id (hex), hash (32 bytes), name, owner, scopes (with commas), ttl ms, ms that it stays listed afterwards
-- @returns {'OK', created at, expires at} | {'EXISTS'}
local record_key, all_key, owner_key = KEYS[1], KEYS[2], KEYS[3]
local id, hash, name, owner, scopes = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local ttl_ms, after_ms = tonumber(ARGV[6]), tonumber(ARGV[7])
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
