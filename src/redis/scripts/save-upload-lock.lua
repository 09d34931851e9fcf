#!lua
-- Takes the turn to write an upload, or tells whoever has it that somebody waits.
-- @keys    writer
-- @args    token of the one who asks (16 characters), ttl ms
-- @returns {'OK'} | {'HELD'}
local writer_key = KEYS[1]
local token, ttl = ARGV[1], ARGV[2]
if redis.call('SET', writer_key, token, 'NX', 'PX', ttl) then return { 'OK' } end
redis.call('SETRANGE', writer_key, 16, '!')
return { 'HELD' }
