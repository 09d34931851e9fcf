#!lua flags=allow-oom
-- Deletes an API token at once.
-- @keys    record, list of everybody's, list of the owner's
-- @args    id (hex), owner
-- @returns {'OK'} | {'MISSING'} there is none, or it has another owner
local record_key, all_key, owner_key = KEYS[1], KEYS[2], KEYS[3]
local id, owner = ARGV[1], ARGV[2]
if redis.call('HGET', record_key, 'owner') ~= owner then return { 'MISSING' } end
redis.call('DEL', record_key)
redis.call('ZREM', all_key, id)
redis.call('ZREM', owner_key, id)
return { 'OK' }
