import type { EndReason } from '@burnbag/contract';

import { signInToOpen } from '../auth/access.errors.js';
import { ProblemError } from '../platform/http/problem/problem.js';
import type { Refusal } from './record/secret-store.types.js';

const iso = (ms: number) => new Date(ms).toISOString();

const passphraseRequired = () =>
  new ProblemError('passphrase_required', 'Send the passphrase. Nothing was opened.');
export const deliberateActRequired = () =>
  new ProblemError(
    'deliberate_act_required',
    'Browsers and link scanners load links by themselves, so this request did not open it. Open the link page instead.',
  );
export const receiptInvalid = () => new ProblemError('receipt_invalid', 'The receipt token is not valid.');
export const recordDamaged = () =>
  new ProblemError('record_damaged', 'The stored record fails its integrity check. Nothing of it is shown.');
export const keyUnavailable = () =>
  new ProblemError('key_unavailable', 'The administrator must load the key again. Nothing was opened.');
export const passphraseBusy = () =>
  new ProblemError(
    'passphrase_busy',
    'Try again in a moment. Nothing was opened or counted.',
    {},
    { 'Retry-After': '2' },
  );

export const auditBacklogged = () =>
  new ProblemError(
    'audit_backlogged',
    'New secrets are refused until the audit database has caught up. Nothing was stored; opening and burning go on.',
    {},
    { 'Retry-After': '30' },
  );

const claimRequired = () =>
  new ProblemError(
    'claim_required',
    'Send a claim: 16 random bytes in base64url, the same again to resume. Nothing was opened.',
  );

const notRecipient = () =>
  new ProblemError(
    'not_recipient',
    'The signed-in person is not one of its recipients. Nothing was opened; the attempt was recorded.',
  );

/** @param rule the setting that refuses, by its name in the environment */
export const policyRefused = (rule: string, detail: string) =>
  new ProblemError('policy_refused', `${detail} (${rule})`, { rule });

function proofWrong(attemptsLeft: number | undefined): ProblemError {
  const detail =
    'A sealed secret opens with the proof that only its whole link can make. Nothing was opened.';
  return new ProblemError('proof_wrong', detail, attemptsLeft === undefined ? {} : { attemptsLeft });
}

function passphraseWrong(attemptsLeft: number | undefined): ProblemError {
  const detail = 'Nothing was opened.';
  return new ProblemError('passphrase_wrong', detail, attemptsLeft === undefined ? {} : { attemptsLeft });
}

const ENDS: Readonly<Record<EndReason, string>> = {
  viewed: 'It was opened',
  burned: 'It was destroyed unread',
  expired: 'It expired unread',
};

function secretGone(reason: EndReason, at: number): ProblemError {
  return new ProblemError('secret_gone', `${ENDS[reason]} at ${iso(at)}.`, { reason, at: iso(at) });
}

function secretLocked(until: number): ProblemError {
  const detail = `Too many wrong passphrases. It can be tried again at ${iso(until)}; nothing is lost.`;
  return new ProblemError('secret_locked', detail, { retryAt: iso(until) });
}

/** Maps a refusal of the store to its problem. */
export function problemOf(refusal: Refusal): ProblemError {
  switch (refusal.kind) {
    case 'gone':
      return secretGone(refusal.reason, refusal.at);
    case 'missing':
      return new ProblemError('secret_not_found', 'It has expired, or the link is not complete.');
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
