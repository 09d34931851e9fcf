#!lua flags=allow-oom
-- Takes back an attempt whose password was not checked, since too many checks were running.
-- @key     address  attempts from the address
-- @returns {'OK'}
if tonumber(redis.call('GET', address_key) or 0) > 0 then redis.call('DECR', address_key) end
return { 'OK' }
