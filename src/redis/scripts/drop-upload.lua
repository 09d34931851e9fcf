#!lua flags=allow-oom
-- Gives an upload up.
-- @keys    upload
-- @args    none
-- @returns {'OK'}
local upload_key = KEYS[1]
redis.call('DEL', upload_key)
return { 'OK' }
