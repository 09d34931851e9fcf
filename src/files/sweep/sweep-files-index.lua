#!lua flags=no-writes
-- Reads one page of the secrets that have a blob.
-- @keys    index of secrets with a blob
-- @args    cursor ('0' to begin), about how many
-- @returns {next cursor ('0' at the end), ref in hex, ...}; a ref may come twice
local index_key = KEYS[1]
local cursor, count = ARGV[1], ARGV[2]

local page = redis.call('SSCAN', index_key, cursor, 'COUNT', count)
local reply = page[2]
table.insert(reply, 1, page[1])
return reply
