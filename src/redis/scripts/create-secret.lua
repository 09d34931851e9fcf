#!lua
-- Stores a new secret. Sending the same record again (after a broken connection) is the same creation.
-- @keys    record
-- @args    record bytes, ttl ms
-- @returns {'OK'} | {'EXISTS'}
local record_key = KEYS[1]
local record, ttl = ARGV[1], ARGV[2]
if redis.call('SET', record_key, record, 'PX', ttl, 'NX') then return { 'OK' } end
if redis.call('GET', record_key) == record then return { 'OK' } end
return { 'EXISTS' }
