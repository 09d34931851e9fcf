import { ProblemError } from '../../platform/http/problem/problem.js';

export const localSignInOff = () =>
  new ProblemError('local_sign_in_off', 'ADMIN_USERNAME and ADMIN_PASSWORD_HASH are not set.');

/** The same for an existing and an unknown name. */
export const signInWrong = () => new ProblemError('sign_in_wrong', 'The name or the password is wrong.');

/** The same for an existing and an unknown name. @param waitMs until the next attempt is checked */
export const signInLocked = (waitMs: number) => {
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return new ProblemError(
    'sign_in_locked',
    `Try again in ${Math.ceil(retryAfterSeconds / 60)} min. Until then the right password is refused, too.`,
    { retryAfterSeconds },
    { 'Retry-After': String(retryAfterSeconds) },
  );
};

export const signInBusy = () =>
  new ProblemError('sign_in_busy', 'Try again in a moment.', {}, { 'Retry-After': '2' });
