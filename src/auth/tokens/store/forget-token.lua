#!lua flags=allow-oom
-- Takes an API token out of a list when its record has ended.
-- @keys    record, list
-- @args    id (hex)
-- @returns {'OK'} | {'KEPT'} it still exists
local record_key, list_key = KEYS[1], KEYS[2]
local id = ARGV[1]
if redis.call('EXISTS', record_key) == 1 then return { 'KEPT' } end
redis.call('ZREM', list_key, id)
return { 'OK' }
