#!lua flags=no-writes
-- How much of the trail waits in one bucket.
-- @keys    outbox
-- @args    none
-- @returns {events, when the oldest was written (ms; 0 when there is none), now (ms)}
local outbox_key = KEYS[1]
-- @include time

local oldest = redis.call('XRANGE', outbox_key, '-', '+', 'COUNT', 1)[1]
return { redis.call('XLEN', outbox_key), oldest and tonumber(string.match(oldest[1], '^%d+')) or 0, now }
