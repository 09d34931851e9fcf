#!lua flags=no-writes
-- Returns the first bytes of a record: facts and the wrapped data key, no content.
-- @keys    record of a secret or of an upload
-- @args    how many bytes
-- @returns {bytes ('' when there is no such record)}
local record_key = KEYS[1]
return { redis.call('GETRANGE', record_key, 0, ARGV[1] - 1) }
