#!lua
-- Begins an upload.
-- @keys    upload
-- @args    record bytes, ttl ms
-- @returns {'OK'}
local upload_key = KEYS[1]
local record, ttl = ARGV[1], ARGV[2]
redis.call('SET', upload_key, record, 'PX', ttl)
return { 'OK' }
