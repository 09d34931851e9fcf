#!lua flags=allow-oom
-- Counts one hit in a fixed window; past the limit the key is blocked for a while, which hits do not prolong.
-- Counts in a full Redis too: every opening and burning passes here first.
-- @keys    counter, refused hits by hour
-- @args    window ms, limit, block ms, '1' when count-claim-hit decides about a refusal, and records it
-- @returns {'OK'} | {'BLOCKED', ms until the window or the block ends}
local counter_key, refused_key = KEYS[1], KEYS[2]
local window_ms, limit, block_ms, decided_later = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4] == '1'
local hits = redis.call('INCR', counter_key)
local left = redis.call('PTTL', counter_key)
if left < 0 then
  redis.call('PEXPIRE', counter_key, window_ms)
  left = tonumber(window_ms)
end
if hits <= limit then return { 'OK' } end
if hits == limit + 1 then
  redis.call('PEXPIRE', counter_key, block_ms)
  left = tonumber(block_ms)
end
if not decided_later then redis.call('HINCRBY', refused_key, math.floor(redis.call('TIME')[1] / 3600), 1) end
return { 'BLOCKED', left }
