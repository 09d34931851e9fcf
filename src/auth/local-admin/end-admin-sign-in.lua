#!lua flags=allow-oom
-- A sign-in succeeded: deletes the counters of its attempts and marks its address as known.
-- @keys    tries for the name, tries from the address, mark of an address that has signed in
-- @args    ms that the mark stays
-- @returns {'OK'}
local name_key, address_key, known_key = KEYS[1], KEYS[2], KEYS[3]
local known_ms = ARGV[1]
redis.call('DEL', name_key, address_key)
redis.call('SET', known_key, '1', 'PX', known_ms)
return { 'OK' }
