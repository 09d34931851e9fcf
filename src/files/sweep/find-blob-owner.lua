#!lua flags=no-writes
-- Tells which record still needs a blob.
-- @key     record
-- @key     upload
-- @returns {'SECRET'} | {'UPLOAD'} it still arrives | {'NONE'}

if redis.call('EXISTS', record_key) == 1 then return { 'SECRET' } end
if redis.call('EXISTS', upload_key) == 1 then return { 'UPLOAD' } end
return { 'NONE' }
