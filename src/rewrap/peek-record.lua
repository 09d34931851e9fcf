#!lua flags=no-writes
-- Returns the first bytes of a record: facts and the wrapped data key, no content.
-- @key     record  of a secret or of an upload
-- @arg     count   number  of bytes
-- @returns {bytes ('' when there is no such record)}
return { redis.call('GETRANGE', record_key, 0, count - 1) }
