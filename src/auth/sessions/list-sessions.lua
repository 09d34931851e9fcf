#!lua flags=no-writes
-- The ids of a bucket's sessions, the youngest first; some may have ended by idling.
-- @keys    index of sessions
-- @args    prefix of the ids, or '' for all; how many at most
-- @returns {id (hex), ...}
local index_key = KEYS[1]
local prefix, limit = ARGV[1], tonumber(ARGV[2])
-- @include time

local ids = {}
for _, id in ipairs(redis.call('ZREVRANGEBYSCORE', index_key, '+inf', '(' .. now)) do
  if #ids == limit then break end
  if string.sub(id, 1, #prefix) == prefix then table.insert(ids, id) end
end
return ids
