#!lua flags=allow-oom
-- Writes another wrap of the same data key into the record of an upload, if the one that was read is still there.
-- @key     upload
-- @arg     old     text  wrap as it was read, 64 bytes
-- @arg     new     text  wrap to put in its place
-- @returns {'OK'} | {'MISSING'} it has ended, and stays so | {'CHANGED'} it was rewrapped meanwhile | {'DAMAGED'}
-- @include wrap
local ENVELOPE = 57

local raw = redis.call('GET', upload_key)
if not raw then return { 'MISSING' } end
if #raw < ENVELOPE + 94 or string.byte(raw, 1) ~= 2 or #new ~= WRAP then return { 'DAMAGED' } end
local at = ENVELOPE + WRAP_AT
if string.sub(raw, at + 1, at + WRAP) ~= old then return { 'CHANGED' } end
redis.call('SETRANGE', upload_key, at, new)
return { 'OK' }
