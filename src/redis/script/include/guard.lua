-- Who may open: the named recipients, or anyone with the link. Checked before all other credentials, so that
-- anyone else gets the same answer whatever they send. Nothing of the secret changes: no attempt is counted.
-- @needs   MARK, record_event, save
-- @gives   turned_away, refused
local function turned_away(r, reader, now)
  if not r.recipients then return nil end
  if reader == '' then return { 'SIGN_IN' } end
  for at = 1, #r.recipients, MARK do
    if string.sub(r.recipients, at, at + MARK - 1) == reader then return nil end
  end
  record_event('attempt_failed', now, '{"reason":"not_recipient"}')
  return { 'NOT_RECIPIENT' }
end

-- Compares the verifier of a passphrase or a proof. Only passphrases can be guessed, so only they are
-- counted. A bare proof (256 random bits) never locks: a client without the link must not be able to lock out
-- the recipient.
local function refused(key, r, verifier, now, attempts_max, lock_ms)
  if not r.guarded then return nil end
  if r.locked_until > now then return { 'LOCKED', r.locked_until } end
  if verifier == '' then return { 'REQUIRED', r.flags } end
  if verifier == r.verifier then return nil end
  if not r.passphrase then return { 'WRONG', r.flags, -1 } end
  local attempts = r.attempts + 1
  local left, locked_until = math.max(attempts_max - attempts, 0), 0
  if left == 0 then attempts, locked_until = 0, now + lock_ms end
  r.guard = struct.pack('>I1I6', attempts, locked_until)
  record_event('attempt_failed', now, string.format('{"attemptsLeft":%d}', left))
  if left == 0 then record_event('locked', now, string.format('{"until":%.0f}', locked_until)) end
  save(key, r)
  return { 'WRONG', r.flags, left }
end
