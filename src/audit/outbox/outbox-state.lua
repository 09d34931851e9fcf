#!lua flags=no-writes
-- Counts the events that wait in one bucket.
-- @key     outbox
-- @key     head
-- @returns {events, when the oldest was written (ms; 0 when there is none), now (ms), head ('' none)}
-- @include time

local oldest = redis.call('XRANGE', outbox_key, '-', '+', 'COUNT', 1)[1]
local head = redis.call('GET', head_key) or ''
local oldest_at = oldest and tonumber(string.match(oldest[1], '^%d+')) or 0
return { redis.call('XLEN', outbox_key), oldest_at, now, head }
