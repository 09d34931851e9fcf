#!lua flags=allow-oom
-- Counts one hit that the limit of an address refuses in a fixed window of its claim, when the claim has a
-- lease on the secret. Without a lease only the refusal is recorded: no claim creates a counter of its own.
-- @key     record
-- @key     counter
-- @key     refused    refused hits by hour
-- @arg     claim      text    its hash
-- @arg     window_ms  number
-- @arg     limit      number  of hits
-- @returns {'OK'} | {'BLOCKED', ms until the window ends} | {'NONE'} no such lease runs
-- @include time
-- @include record
-- @include lease

local raw = redis.call('GET', record_key)
local r = raw and decode(raw)
local held = r and lease_of(r, claim, now)
local hits = held and redis.call('INCR', counter_key) or 0
if hits == 1 then redis.call('PEXPIRE', counter_key, window_ms) end
if held and hits <= limit then return { 'OK' } end
redis.call('HINCRBY', refused_key, math.floor(t[1] / 3600), 1)
if not held then return { 'NONE' } end
return { 'BLOCKED', math.max(redis.call('PTTL', counter_key), 1) }
