#!lua
-- Takes the lock of an upload, or tells its holder that another writer waits.
-- @keys    writer
-- @args    token of the caller (16 characters), ttl ms
-- @returns {'OK'} | {'HELD'}
local writer_key = KEYS[1]
local token, ttl = ARGV[1], ARGV[2]
if redis.call('SET', writer_key, token, 'NX', 'PX', ttl) then return { 'OK' } end
redis.call('SETRANGE', writer_key, 16, '!')
return { 'HELD' }
