#!lua flags=allow-oom
-- Counts one hit in a fixed window; past the limit the key is blocked for a while, which hits do not prolong.
-- Counts the bytes of a text, too, in a fixed window of their own; bytes past the limit are not added. Works
-- in a full Redis too: every opening and burning is counted here first.
-- @key     counter
-- @key     refused          refused hits by hour
-- @key     bytes            of texts
-- @arg     window_ms        number
-- @arg     limit            number  of hits
-- @arg     block_ms         number
-- @arg     decided_later    flag    count-claim-hit decides about a refusal, and records it
-- @arg     text_bytes       number  of this hit
-- @arg     bytes_max        number  in a window of texts
-- @arg     bytes_window_ms  number
-- @returns {'OK'} | {'BLOCKED', ms until the window or the block ends} | {'BYTES', ms until the window of texts ends}

local function refuse(tag, left)
  if not decided_later then
    redis.call('HINCRBY', refused_key, math.floor(redis.call('TIME')[1] / 3600), 1)
  end
  return { tag, left }
end

local hits = redis.call('INCR', counter_key)
local left = redis.call('PTTL', counter_key)
if left < 0 then
  redis.call('PEXPIRE', counter_key, window_ms)
  left = window_ms
end
if hits > limit then
  if hits == limit + 1 then
    redis.call('PEXPIRE', counter_key, block_ms)
    left = block_ms
  end
  return refuse('BLOCKED', left)
end
if text_bytes == 0 then return { 'OK' } end

local brought = tonumber(redis.call('GET', bytes_key) or 0)
local bytes_left = math.max(brought > 0 and redis.call('PTTL', bytes_key) or bytes_window_ms, 1)
if brought + text_bytes > bytes_max then return refuse('BYTES', bytes_left) end
redis.call('SET', bytes_key, string.format('%.0f', brought + text_bytes), 'PX', bytes_left)
return { 'OK' }
