#!lua flags=allow-oom
-- Deletes an upload.
-- @key     upload
-- @returns {'OK'}
redis.call('DEL', upload_key)
return { 'OK' }
