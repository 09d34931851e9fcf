#!lua flags=no-writes
-- Reads one page of a list of API tokens, the newest first.
-- @key     list
-- @arg     count    number   of tokens
-- @arg     seen_at  text?    when the last one that was seen was created
-- @arg     seen_id  text?    id of the last one that was seen
-- @returns {id, created at, id, created at, ...}
local reply = {}

-- Of those created in the same millisecond, Redis lists the greater id first.
if seen_id ~= '' then
  for _, id in ipairs(redis.call('ZREVRANGEBYSCORE', list_key, seen_at, seen_at)) do
    if id < seen_id and #reply < 2 * count then
      reply[#reply + 1] = id
      reply[#reply + 1] = tonumber(seen_at)
    end
  end
end
local newest = seen_id == '' and '+inf' or '(' .. seen_at
local older = redis.call('ZREVRANGEBYSCORE', list_key, newest, '-inf', 'WITHSCORES', 'LIMIT', 0, count - #reply / 2)
for at = 1, #older, 2 do
  reply[#reply + 1] = older[at]
  reply[#reply + 1] = tonumber(older[at + 1])
end
return reply
