#!lua flags=no-writes
-- Returns facts of the server that holds a bucket.
-- @key     bucket  any of the bucket: it only leads to the server
-- @returns {run id, version, bytes of memory in use, maxmemory or 0}
local info = redis.call('INFO')
local function field(name)
  return string.match(info, '\n' .. name .. ':([^\r\n]*)') or ''
end
return {
  field('run_id'),
  field('redis_version'),
  tonumber(field('used_memory')) or 0,
  tonumber(field('maxmemory')) or 0,
}
