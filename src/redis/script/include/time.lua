-- Scripts use only the clock of the Redis server.
-- @gives   t, now
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
