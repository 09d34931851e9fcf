#!lua flags=allow-oom
-- Binds this Redis to the one place that keeps something for it: the first to ask is remembered.
-- Answers in a full Redis too: the relay asks after each outage, and what it then moves is what makes room.
-- @keys    binding
-- @args    id of the place that asks
-- @returns {id of the place that it is bound to}
local binding_key, id = KEYS[1], ARGV[1]
redis.call('SET', binding_key, id, 'NX')
return { redis.call('GET', binding_key) }
