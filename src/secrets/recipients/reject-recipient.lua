#!lua flags=allow-oom
-- Records that a reader who is not a named recipient looked. A permitted reader leaves no trace.
-- @key     record
-- @key     outbox
-- @arg     origin  text  of the event
-- @arg     reader  text  mark of the signed-in reader
-- @returns {'OK'} recorded | {'NONE'} they may look, or there is nothing to look at
local ref = string.sub(record_key, -32)
-- @include time
-- @include event
-- @include record
-- @include guard

local raw = redis.call('GET', record_key)
local r = raw and decode(raw)
return { r and turned_away(r, reader, now) and 'OK' or 'NONE' }
