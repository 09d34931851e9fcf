#!lua flags=allow-oom
-- Deletes an API token at once.
-- @key     record
-- @key     all     list of all tokens
-- @key     owner   list of the owner's tokens
-- @arg     id      text  hex
-- @arg     owner   text
-- @returns {'OK'} | {'MISSING'} there is none, or it has another owner
if redis.call('HGET', record_key, 'owner') ~= owner then return { 'MISSING' } end
redis.call('DEL', record_key)
redis.call('ZREM', all_key, id)
redis.call('ZREM', owner_key, id)
return { 'OK' }
