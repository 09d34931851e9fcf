#!lua flags=allow-oom
-- Takes an API token out of a list when its record has ended.
-- @key     record
-- @key     list
-- @arg     id      text  hex
-- @returns {'OK'} | {'KEPT'} it still exists
if redis.call('EXISTS', record_key) == 1 then return { 'KEPT' } end
redis.call('ZREM', list_key, id)
return { 'OK' }
