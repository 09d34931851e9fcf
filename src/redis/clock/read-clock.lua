#!lua flags=no-writes
-- Reads the clock of the server that holds a bucket.
-- @keys    a key of the bucket, which is not read
-- @args    none
-- @returns {now}
-- @include time
return { now }
