#!lua flags=no-writes
-- Reads one entry of an outbox.
-- @keys    outbox
-- @args    stream id
-- @returns {name, value, name, value ...}; empty: there is no entry of this id
local outbox_key = KEYS[1]
local id = ARGV[1]

local found = redis.call('XRANGE', outbox_key, id, id)[1]
return found and found[2] or {}
