#!lua flags=allow-oom
-- Releases the lock of an upload, if this token holds it.
-- @keys    writer
-- @args    token
-- @returns {'OK'}
local writer_key = KEYS[1]
local token = ARGV[1]
if redis.call('GETRANGE', writer_key, 0, 15) == token then redis.call('DEL', writer_key) end
return { 'OK' }
