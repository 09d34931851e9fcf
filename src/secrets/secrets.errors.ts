import { signInToOpen } from '../auth/access.errors.js';
import { ProblemError, type ProblemKind } from '../common/problem.js';
import type { EndReason, Refusal } from './secret-store.port.js';

const kinds = {
  claimRequired: { code: 'claim_required', status: 400, title: 'Files are opened under a claim' },
  passphraseRequired: { code: 'passphrase_required', status: 401, title: 'A passphrase is needed' },
  passphraseWrong: {
    code: 'passphrase_wrong',
    status: 403,
    title: 'The passphrase is not right',
    extras: ['attemptsLeft'],
  },
  proofWrong: {
    code: 'proof_wrong',
    status: 403,
    title: 'The link or its passphrase is not right',
    extras: ['attemptsLeft'],
  },
  deliberateActRequired: {
    code: 'deliberate_act_required',
    status: 403,
    title: 'A page load does not open a secret',
  },
  notRecipient: { code: 'not_recipient', status: 403, title: 'This is for another person' },
  policyRefused: {
    code: 'policy_refused',
    status: 403,
    title: 'The rules of this installation do not allow it',
    extras: ['rule'],
  },
  secretNotFound: { code: 'secret_not_found', status: 404, title: 'There is no such secret' },
  receiptInvalid: { code: 'receipt_invalid', status: 404, title: 'This is not a receipt of this portal' },
  secretGone: {
    code: 'secret_gone',
    status: 410,
    title: 'The secret is gone',
    extras: ['reason', 'at'],
  },
  secretLocked: {
    code: 'secret_locked',
    status: 423,
    title: 'The secret is locked',
    extras: ['retryAt'],
  },
  recordDamaged: { code: 'record_damaged', status: 503, title: 'The stored record is damaged' },
  keyUnavailable: { code: 'key_unavailable', status: 503, title: 'The key of this secret is not loaded' },
  auditBacklogged: {
    code: 'audit_backlogged',
    status: 503,
    title: 'The audit trail is too far behind',
  },
  passphraseBusy: { code: 'passphrase_busy', status: 503, title: 'Too many passphrases are being checked' },
} as const satisfies Record<string, ProblemKind>;

export const secretsProblems: readonly ProblemKind[] = Object.values(kinds);

const iso = (ms: number) => new Date(ms).toISOString();

export const passphraseRequired = () =>
  new ProblemError(kinds.passphraseRequired, 'Send the passphrase. Nothing was opened.');
export const deliberateActRequired = () =>
  new ProblemError(
    kinds.deliberateActRequired,
    'Browsers and link scanners load links by themselves, so this request did not open it. Open the link page instead.',
  );
export const receiptInvalid = () => new ProblemError(kinds.receiptInvalid, 'The receipt token is not valid.');
export const recordDamaged = () =>
  new ProblemError(
    kinds.recordDamaged,
    'The stored record fails its integrity check. Nothing of it is shown.',
  );
export const keyUnavailable = () =>
  new ProblemError(kinds.keyUnavailable, 'The administrator must load the key again. Nothing was opened.');
export const passphraseBusy = () =>
  new ProblemError(
    kinds.passphraseBusy,
    'Try again in a moment. Nothing was opened or counted.',
    {},
    { 'Retry-After': '2' },
  );

export const auditBacklogged = () =>
  new ProblemError(
    kinds.auditBacklogged,
    'New secrets are refused until the audit database has caught up. Nothing was stored; opening and burning go on.',
    {},
    { 'Retry-After': '30' },
  );

const claimRequired = () =>
  new ProblemError(
    kinds.claimRequired,
    'Send a claim: 16 random bytes in base64url, the same again to resume. Nothing was opened.',
  );

const notRecipient = () =>
  new ProblemError(
    kinds.notRecipient,
    'The signed-in person is not one of its recipients. Nothing was opened; the attempt was recorded.',
  );

/** @param rule the setting that refuses, by its name in the environment */
export const policyRefused = (rule: string, detail: string) =>
  new ProblemError(kinds.policyRefused, `${detail} (${rule})`, { rule });

function proofWrong(attemptsLeft: number | undefined): ProblemError {
  const detail =
    'A sealed secret opens with the proof that only its whole link can make. Nothing was opened.';
  return new ProblemError(kinds.proofWrong, detail, attemptsLeft === undefined ? {} : { attemptsLeft });
}

function passphraseWrong(attemptsLeft: number | undefined): ProblemError {
  const detail = 'Nothing was opened.';
  return new ProblemError(kinds.passphraseWrong, detail, attemptsLeft === undefined ? {} : { attemptsLeft });
}

const ENDS: Readonly<Record<EndReason, string>> = {
  viewed: 'It was opened',
  burned: 'It was destroyed unread',
  expired: 'It expired unread',
};

function secretGone(reason: EndReason, at: number): ProblemError {
  return new ProblemError(kinds.secretGone, `${ENDS[reason]} at ${iso(at)}.`, { reason, at: iso(at) });
}

function secretLocked(until: number): ProblemError {
  const detail = `Too many wrong passphrases. It can be tried again at ${iso(until)}; nothing is lost.`;
  return new ProblemError(kinds.secretLocked, detail, { retryAt: iso(until) });
}

/** Maps a refusal of the store to its problem. */
export function problemOf(refusal: Refusal): ProblemError {
  switch (refusal.kind) {
    case 'gone':
      return secretGone(refusal.reason, refusal.at);
    case 'missing':
      return new ProblemError(kinds.secretNotFound, 'It has expired, or the link is not complete.');
    case 'damaged':
      return recordDamaged();
    case 'unknown-key':
      return keyUnavailable();
    case 'claim-required':
      return claimRequired();
    case 'sign-in-required':
      return signInToOpen();
    case 'not-recipient':
      return notRecipient();
    case 'locked':
      return secretLocked(refusal.until);
    case 'guard-required':
      return refusal.sealed ? proofWrong(undefined) : passphraseRequired();
    case 'guard-wrong':
      return refusal.sealed ? proofWrong(refusal.attemptsLeft) : passphraseWrong(refusal.attemptsLeft);
  }
}
