-- The wrap of an envelope: kekId(4) wrapNonce(12) wrappedDek(48), behind its version and algorithm. All that a rotation
-- changes, and never longer or shorter: writing it in place keeps the TTL.
local WRAP_AT, WRAP = 2, 64
