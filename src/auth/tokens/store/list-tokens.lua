#!lua flags=no-writes
-- Reads one page of a list of API tokens, the newest first.
-- @keys    list
-- @args    how many, created at and id of the last one that was seen ('' and '' to begin)
-- @returns {id, created at, id, created at, ...}
local list_key = KEYS[1]
local count, seen_at, seen_id = tonumber(ARGV[1]), ARGV[2], ARGV[3]
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
