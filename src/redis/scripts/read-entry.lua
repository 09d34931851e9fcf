#!lua flags=no-writes
-- One entry of an outbox as it lies there.
-- @keys    outbox
-- @args    stream id
-- @returns {name, value, name, value ...}; empty: there is no entry of this id
local outbox_key = KEYS[1]
local id = ARGV[1]

local found = redis.call('XRANGE', outbox_key, id, id)[1]
return found and found[2] or {}
