#!lua flags=allow-oom
-- The database is ahead of the head that is kept here. That is correct when all events between both still
-- wait here, committed but not settled; then the head catches up. When one is missing, this server has gone
-- back in time.
-- @keys    outbox, head
-- @args    head as it was read ('' none), head of the database, '1' when the ids are all of the events between both,
--          their stream ids parted by line ends
-- @returns {'OK'} | {'BEHIND'} | {'CHANGED'} the head is another by now
local outbox_key, head_key = KEYS[1], KEYS[2]
local kept, head, complete, ids = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4]

if (redis.call('GET', head_key) or '') ~= kept then return { 'CHANGED' } end
if not complete then return { 'BEHIND' } end
for id in string.gmatch(ids, '[^\n]+') do
  if #redis.call('XRANGE', outbox_key, id, id) == 0 then return { 'BEHIND' } end
end
redis.call('SET', head_key, head)
return { 'OK' }
