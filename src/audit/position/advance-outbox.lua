#!lua flags=allow-oom
-- Moves the next event id of a bucket behind the last one in the database: after a server has gone back in
-- time, a new event must not get the id of a recorded one.
-- @key     outbox
-- @arg     id      text  of the stream
-- @returns {'OK'}
-- Refused when the ids are past it already.
local added = redis.pcall('XADD', outbox_key, id, 'action', '')
if type(added) == 'string' then redis.call('XDEL', outbox_key, id) end
return { 'OK' }
