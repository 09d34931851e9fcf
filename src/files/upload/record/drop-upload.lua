#!lua flags=allow-oom
-- Deletes an upload.
-- @keys    upload
-- @args    none
-- @returns {'OK'}
local upload_key = KEYS[1]
redis.call('DEL', upload_key)
return { 'OK' }
