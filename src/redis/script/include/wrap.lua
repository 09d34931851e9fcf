-- The wrapped key of an envelope: kekId(4) wrapNonce(12) wrappedDek(48), after its version and algorithm. A
-- rotation changes only this, at constant length: writing it in place keeps the TTL.
-- @gives   WRAP_AT, WRAP
local WRAP_AT, WRAP = 2, 64
