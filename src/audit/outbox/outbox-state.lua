#!lua flags=no-writes
-- Counts the events that wait in one bucket.
-- @keys    outbox, head (may be left out where only the events count)
-- @args    none
-- @returns {events, when the oldest was written (ms; 0 when there is none), now (ms), head ('' none)}
local outbox_key, head_key = KEYS[1], KEYS[2]
-- @include time

local oldest = redis.call('XRANGE', outbox_key, '-', '+', 'COUNT', 1)[1]
local head = head_key and redis.call('GET', head_key) or ''
local oldest_at = oldest and tonumber(string.match(oldest[1], '^%d+')) or 0
return { redis.call('XLEN', outbox_key), oldest_at, now, head }
