#!lua flags=allow-oom
-- Binds this store to the database that keeps its trail: the first to ask is remembered.
-- Answers in a full Redis too: the relay asks after each outage, and what it then moves is what makes room.
-- @keys    trail
-- @args    id of the asking database's trail
-- @returns {id of the trail that the store is bound to}
local trail_key, id = KEYS[1], ARGV[1]
redis.call('SET', trail_key, id, 'NX')
return { redis.call('GET', trail_key) }
