#!lua flags=allow-oom
-- Forbids or allows new records under a key in this bucket.
-- @key     retired  ids of keys that no new record may use
-- @arg     id       number  of the key
-- @arg     forbid   flag    or allow
-- @returns {'OK'}
if forbid then redis.call('SADD', retired_key, id) else redis.call('SREM', retired_key, id) end
return { 'OK' }
