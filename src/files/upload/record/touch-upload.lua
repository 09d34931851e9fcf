#!lua
-- Reads an upload; progress restarts its time to live.
-- @key     upload
-- @arg     ttl_ms  number  0: leaves it
-- @returns {record bytes} | {} there is none
local record = redis.call('GET', upload_key)
if not record then return {} end
if ttl_ms ~= 0 then redis.call('PEXPIRE', upload_key, ttl_ms) end
return { record }
