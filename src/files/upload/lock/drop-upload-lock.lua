#!lua flags=allow-oom
-- Releases the lock of an upload, if this token holds it.
-- @key     writer
-- @arg     token   text  of the holder
-- @returns {'OK'}
if redis.call('GETRANGE', writer_key, 0, 15) == token then redis.call('DEL', writer_key) end
return { 'OK' }
