#!lua flags=allow-oom
-- A sign-in succeeded: deletes the counters of its attempts and marks its address as known.
-- @key     name      attempts for the name
-- @key     address   attempts from the address
-- @key     known     mark of an address that has signed in
-- @arg     known_ms  number  how long the mark stays
-- @returns {'OK'}
redis.call('DEL', name_key, address_key)
redis.call('SET', known_key, '1', 'PX', known_ms)
return { 'OK' }
