#!lua
-- Begins an upload.
-- @keys    upload, retired
-- @args    record bytes, ttl ms, key id
-- @returns {'OK'} | {'RETIRED'} no new record may use this key
local upload_key = KEYS[1]
local record, ttl = ARGV[1], ARGV[2]
if redis.call('SISMEMBER', KEYS[2], ARGV[3]) == 1 then return { 'RETIRED' } end
redis.call('SET', upload_key, record, 'PX', ttl)
return { 'OK' }
