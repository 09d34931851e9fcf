#!lua flags=allow-oom
-- Writes another wrap of the same data key into a record, if the one that was read is still there. Changes nothing else but the sum that covers it. No change of state, so no event.
-- @key     record
-- @arg     old     text  wrap as it was read, 64 bytes
-- @arg     new     text  wrap to put in its place
-- @returns {'OK'} | {'MISSING'} it has ended, and stays so | {'CHANGED'} it was rewrapped meanwhile | {'DAMAGED'}
-- @include record
-- @include wrap

local raw = redis.call('GET', record_key)
if not raw then return { 'MISSING' } end
local r = decode(raw)
if not r or not body_intact(r, record_key) or #new ~= WRAP then return { 'DAMAGED' } end
local at = r.start + WRAP_AT
if string.sub(raw, at + 1, at + WRAP) ~= old then return { 'CHANGED' } end

r.raw = string.sub(raw, 1, at) .. new .. string.sub(raw, at + WRAP + 1)
redis.call('SETRANGE', record_key, at, new)
redis.call('SETRANGE', record_key, 20, body_sum(r, record_key))
return { 'OK' }
