import { ProblemError, type ProblemKind } from '../../common/problem.js';

const kinds = {
  off: { code: 'local_sign_in_off', status: 404, title: 'There is no local administrator' },
  wrong: { code: 'sign_in_wrong', status: 403, title: 'The sign-in failed' },
  locked: {
    code: 'sign_in_locked',
    status: 429,
    title: 'Too many wrong sign-ins',
    extras: ['retryAfterSeconds'],
  },
  busy: { code: 'sign_in_busy', status: 503, title: 'Too many sign-ins at once' },
} as const satisfies Record<string, ProblemKind>;

export const localAdminProblems: readonly ProblemKind[] = Object.values(kinds);

export const localSignInOff = () =>
  new ProblemError(kinds.off, 'ADMIN_USERNAME and ADMIN_PASSWORD_HASH are not set.');

/** The same for an existing and an unknown name. */
export const signInWrong = () => new ProblemError(kinds.wrong, 'The name or the password is wrong.');

/** The same for an existing and an unknown name. @param waitMs until the next attempt is checked */
export const signInLocked = (waitMs: number) => {
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return new ProblemError(
    kinds.locked,
    `Try again in ${Math.ceil(retryAfterSeconds / 60)} min. Until then the right password is refused, too.`,
    { retryAfterSeconds },
    { 'Retry-After': String(retryAfterSeconds) },
  );
};

export const signInBusy = () =>
  new ProblemError(kinds.busy, 'Try again in a moment.', {}, { 'Retry-After': '2' });
