#!lua
-- Begins an upload.
-- @key     upload
-- @key     retired  ids of keys that no new record may use
-- @arg     record   text
-- @arg     ttl_ms   number
-- @arg     key_id   number
-- @returns {'OK'} | {'RETIRED'} no new record may use this key
if redis.call('SISMEMBER', retired_key, key_id) == 1 then return { 'RETIRED' } end
redis.call('SET', upload_key, record, 'PX', ttl_ms)
return { 'OK' }
