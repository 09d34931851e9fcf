-- Appends to the outbox in the same script as the transition, so that both are written or neither. It is the
-- first write of every script: the only one that could be refused. `origin` is JSON: actor, address, user agent.
-- @needs   outbox_key, origin, ref
-- @gives   record_event
local function record_event(action, at, extra)
  redis.call('XADD', outbox_key, '*', 'action', action, 'ref', ref, 'at', at, 'origin', origin, 'extra', extra)
end
