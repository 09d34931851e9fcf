#!lua flags=allow-oom
-- Lets the ids of a bucket's events go on behind the last one that the database knows: after a server has gone back in
-- time, a new event must not get the id of a recorded one.
-- @keys    outbox
-- @args    stream id
-- @returns {'OK'}
local outbox_key, id = KEYS[1], ARGV[1]
-- Refused where the ids are past it already.
local added = redis.pcall('XADD', outbox_key, id, 'action', '')
if type(added) == 'string' then redis.call('XDEL', outbox_key, id) end
return { 'OK' }
