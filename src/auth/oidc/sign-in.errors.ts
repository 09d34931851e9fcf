import { ProblemError, type ProblemKind } from '../../common/problem.js';

const kinds = {
  signInExpired: { code: 'sign_in_expired', status: 400, title: 'The sign-in has expired' },
  signInRefused: { code: 'sign_in_refused', status: 403, title: 'The sign-in was refused' },
  signInOff: { code: 'sign_in_off', status: 404, title: 'There is no sign-in provider' },
  signInUnavailable: { code: 'sign_in_unavailable', status: 503, title: 'Sign-in is not possible now' },
} as const satisfies Record<string, ProblemKind>;

export const signInProblems: readonly ProblemKind[] = Object.values(kinds);

export const signInExpired = () =>
  new ProblemError(
    kinds.signInExpired,
    'It took too long, was finished before, or began in another browser. Sign in again.',
  );

export const signInRefused = () =>
  new ProblemError(kinds.signInRefused, 'The sign-in provider did not confirm who you are. Sign in again.');

export const signInOff = () => new ProblemError(kinds.signInOff, 'AUTH_MODE is not oidc.');

export const signInUnavailable = () =>
  new ProblemError(
    kinds.signInUnavailable,
    'The sign-in provider does not answer. Everything that needs no sign-in still works. Try again in a moment.',
    {},
    { 'Retry-After': '5' },
  );
