#!lua flags=no-writes
-- Reads the position of a bucket's chain that this server keeps, and the run id of the server.
-- @key     outbox
-- @key     head
-- @key     mark    of the last comparison
-- @returns {head ('' none), events that wait, run id, mark ('' none)}
local run_id = string.match(redis.call('INFO', 'server'), '\nrun_id:([^\r\n]*)') or ''
return { redis.call('GET', head_key) or '', redis.call('XLEN', outbox_key), run_id, redis.call('GET', mark_key) or '' }
