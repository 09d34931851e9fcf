import { ProblemError } from '../../platform/http/problem/problem.js';

export const signInExpired = () =>
  new ProblemError(
    'sign_in_expired',
    'It took too long, was finished before, or began in another browser. Sign in again.',
  );

export const signInRefused = () =>
  new ProblemError('sign_in_refused', 'The sign-in provider did not confirm who you are. Sign in again.');

export const signInOff = () => new ProblemError('sign_in_off', 'AUTH_MODE is not oidc.');

export const signInUnavailable = () =>
  new ProblemError(
    'sign_in_unavailable',
    'The sign-in provider does not answer. Everything that needs no sign-in still works. Try again in a moment.',
    {},
    { 'Retry-After': '5' },
  );
