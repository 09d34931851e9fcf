#!lua flags=no-writes
-- Tells which record still needs a blob.
-- @keys    record, upload
-- @args    none
-- @returns {'SECRET'} | {'UPLOAD'} it still arrives | {'NONE'}
local record_key, upload_key = KEYS[1], KEYS[2]

if redis.call('EXISTS', record_key) == 1 then return { 'SECRET' } end
if redis.call('EXISTS', upload_key) == 1 then return { 'UPLOAD' } end
return { 'NONE' }
