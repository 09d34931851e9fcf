#!lua flags=allow-oom
-- Counts the bytes of one client's unfinished uploads; expired entries do not count. Works in a full Redis
-- too, so that bytes can be given back.
-- @key     ends    entries by when they end
-- @key     bytes   of each entry, and 'sum' of all
-- @arg     act     text    'take' | 'keep' | 'give'
-- @arg     entry   text
-- @arg     ttl_ms  number
-- @arg     bytes   number
-- @arg     limit   number  of bytes
-- @returns {'OK'} | {'FULL'} the sum would pass the limit: nothing is counted
-- @include time

local function bytes_of(field) return tonumber(redis.call('HGET', bytes_key, field) or 0) end

local gone = redis.call('ZREVRANGEBYSCORE', ends_key, now, '-inf')
local listed = act == 'keep'
for _, each in ipairs(gone) do listed = listed or each == entry end
-- A command that was sent again after a broken connection counts once.
if not listed then table.insert(gone, entry) end
local sum = bytes_of('sum')
for _, each in ipairs(gone) do sum = sum - bytes_of(each) end
if act == 'take' and sum + bytes > limit then return { 'FULL' } end

for _, each in ipairs(gone) do
  redis.call('ZREM', ends_key, each)
  redis.call('HDEL', bytes_key, each)
end
if act == 'take' then
  sum = sum + bytes
  redis.call('ZADD', ends_key, now + ttl_ms, entry)
  redis.call('HSET', bytes_key, entry, bytes)
elseif act == 'keep' then
  redis.call('ZADD', ends_key, 'XX', now + ttl_ms, entry)
end
local last = redis.call('ZREVRANGEBYSCORE', ends_key, '+inf', '-inf', 'WITHSCORES', 'LIMIT', 0, 1)
if #last == 0 then
  redis.call('DEL', ends_key, bytes_key)
else
  redis.call('HSET', bytes_key, 'sum', sum)
  redis.call('PEXPIREAT', ends_key, last[2])
  redis.call('PEXPIREAT', bytes_key, last[2])
end
return { 'OK' }
