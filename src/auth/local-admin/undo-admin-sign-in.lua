#!lua flags=allow-oom
-- Takes back an attempt whose password was not checked, since too many checks were running.
-- @keys    tries from the address
-- @args    none
-- @returns {'OK'}
local address_key = KEYS[1]
if tonumber(redis.call('GET', address_key) or 0) > 0 then redis.call('DECR', address_key) end
return { 'OK' }
