#!lua flags=allow-oom
-- The database is ahead of the head that is kept here. That is correct when all events between both still
-- wait here, committed but not settled; then the head catches up. When one is missing, this server has gone
-- back in time.
-- @key     outbox
-- @key     head
-- @arg     kept      text?  head as it was read
-- @arg     head      text   head of the database
-- @arg     complete  flag   the ids are those of all events between both
-- @arg     ids       text   their stream ids, parted by line ends
-- @returns {'OK'} | {'BEHIND'} | {'CHANGED'} the head is another by now

if (redis.call('GET', head_key) or '') ~= kept then return { 'CHANGED' } end
if not complete then return { 'BEHIND' } end
for id in string.gmatch(ids, '[^\n]+') do
  if #redis.call('XRANGE', outbox_key, id, id) == 0 then return { 'BEHIND' } end
end
redis.call('SET', head_key, head)
return { 'OK' }
