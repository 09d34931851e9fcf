#!lua
-- Renews the lock of an upload.
-- @key     writer
-- @arg     token   text    of the holder
-- @arg     ttl_ms  number
-- @returns {'OK'} | {'WANTED'} another writer waits for it | {'LOST'} another token holds it
local held = redis.call('GET', writer_key)
if not held or string.sub(held, 1, 16) ~= token then return { 'LOST' } end
redis.call('PEXPIRE', writer_key, ttl_ms)
return { #held > 16 and 'WANTED' or 'OK' }
