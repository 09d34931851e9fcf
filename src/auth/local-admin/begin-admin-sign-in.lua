#!lua flags=allow-oom
-- Counts or refuses an attempt to sign in before its password is checked: by the name that was typed, whether
-- or not the account exists, and by address. From an address that has signed in before, attempts count for
-- the address only: guessing elsewhere cannot lock the administrator out of the own desk.
-- @key     name           attempts for the name
-- @key     address        attempts from the address
-- @key     known          mark of an address that has signed in
-- @arg     name_tries     number  most attempts for a name
-- @arg     address_tries  number  most attempts from an address
-- @arg     window_ms      number  from the first attempt, and again from the last that is allowed
-- @returns {'OK'} | {'LOCKED', ms}

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
