#!lua flags=no-writes
-- Reads the clock of the server that holds a bucket.
-- @key     bucket  any of the bucket: it only leads to the server
-- @returns {now}
-- @include time
return { now }
