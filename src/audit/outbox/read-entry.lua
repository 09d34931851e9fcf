#!lua flags=no-writes
-- Reads one entry of an outbox.
-- @key     outbox
-- @arg     id      text  of the stream
-- @returns {name, value, name, value ...}; empty: there is no entry of this id

local found = redis.call('XRANGE', outbox_key, id, id)[1]
return found and found[2] or {}
