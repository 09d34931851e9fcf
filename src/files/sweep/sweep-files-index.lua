#!lua flags=no-writes
-- Reads one page of the secrets that have a blob.
-- @key     index   of secrets with a blob
-- @arg     cursor  text    '0' to begin
-- @arg     count   number  about how many
-- @returns {next cursor ('0' at the end), ref in hex, ...}; a ref may come twice

local page = redis.call('SSCAN', index_key, cursor, 'COUNT', count)
local reply = page[2]
table.insert(reply, 1, page[1])
return reply
