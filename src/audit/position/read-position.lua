#!lua flags=no-writes
-- Reads the position of a bucket's chain that this server keeps, and the run id of the server.
-- @keys    outbox, head, mark of the last comparison
-- @args    none
-- @returns {head ('' none), events that wait, run id, mark ('' none)}
local outbox_key, head_key, mark_key = KEYS[1], KEYS[2], KEYS[3]
local run_id = string.match(redis.call('INFO', 'server'), '\nrun_id:([^\r\n]*)') or ''
return { redis.call('GET', head_key) or '', redis.call('XLEN', outbox_key), run_id, redis.call('GET', mark_key) or '' }
