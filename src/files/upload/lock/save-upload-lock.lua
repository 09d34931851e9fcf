#!lua
-- Takes the lock of an upload, or tells its holder that another writer waits.
-- @key     writer
-- @arg     token   text    of the caller, 16 characters
-- @arg     ttl_ms  number
-- @returns {'OK'} | {'HELD'}
if redis.call('SET', writer_key, token, 'NX', 'PX', ttl_ms) then return { 'OK' } end
redis.call('SETRANGE', writer_key, 16, '!')
return { 'HELD' }
