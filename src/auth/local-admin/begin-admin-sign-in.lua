#!lua flags=allow-oom
-- Counts or refuses an attempt to sign in before its password is checked: by the name that was typed, whether
-- or not the account exists, and by address. From an address that has signed in before, attempts count for
-- the address only: guessing elsewhere cannot lock the administrator out of the own desk.
-- @keys    tries for the name, tries from the address, mark of an address that has signed in
-- @args    tries for a name, tries from an address, window ms (from the first try, and again from the last that is allowed)
-- @returns {'OK'} | {'LOCKED', ms}
local name_key, address_key, known_key = KEYS[1], KEYS[2], KEYS[3]
local name_tries, address_tries, window_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]

local counters = { { address_key, address_tries } }
if redis.call('EXISTS', known_key) == 0 then counters[2] = { name_key, name_tries } end

local wait = 0
for _, counter in ipairs(counters) do
  local tries = tonumber(redis.call('GET', counter[1]) or 0)
  if tries >= counter[2] then wait = math.max(wait, redis.call('PTTL', counter[1]), 1) end
end
if wait > 0 then return { 'LOCKED', wait } end

for _, counter in ipairs(counters) do
  local tries = redis.call('INCR', counter[1])
  if tries == 1 or tries == counter[2] then redis.call('PEXPIRE', counter[1], window_ms) end
end
return { 'OK' }
