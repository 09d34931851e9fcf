#!lua
-- Renews the lock of an upload.
-- @keys    writer
-- @args    token, ttl ms
-- @returns {'OK'} | {'WANTED'} another writer waits for it | {'LOST'} another token holds it
local writer_key = KEYS[1]
local token, ttl = ARGV[1], ARGV[2]
local held = redis.call('GET', writer_key)
if not held or string.sub(held, 1, 16) ~= token then return { 'LOST' } end
redis.call('PEXPIRE', writer_key, ttl)
return { #held > 16 and 'WANTED' or 'OK' }
