#!lua
-- Reads an upload; progress restarts its time to live.
-- @keys    upload
-- @args    ttl ms, or 0 to leave it
-- @returns {record bytes} | {} there is none
local upload_key = KEYS[1]
local ttl = ARGV[1]
local record = redis.call('GET', upload_key)
if not record then return {} end
if ttl ~= '0' then redis.call('PEXPIRE', upload_key, ttl) end
return { record }
