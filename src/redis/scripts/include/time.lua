-- The Redis server's clock is the only one that scripts trust.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
