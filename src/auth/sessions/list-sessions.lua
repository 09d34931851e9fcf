#!lua flags=no-writes
-- The ids of a bucket's sessions, the youngest first; some may have ended by idling.
-- @key     index   of sessions
-- @arg     prefix  text    of the ids; '' all
-- @arg     limit   number  of ids
-- @returns {id (hex), ...}
-- @include time

local ids = {}
for _, id in ipairs(redis.call('ZREVRANGEBYSCORE', index_key, '+inf', '(' .. now)) do
  if #ids == limit then break end
  if string.sub(id, 1, #prefix) == prefix then table.insert(ids, id) end
end
return ids
