import { ProblemError, type ProblemKind } from '../common/problem.js';

const kinds = {
  signInRequired: { code: 'sign_in_required', status: 401, title: 'Sign in first' },
  forbidden: { code: 'forbidden', status: 403, title: 'You may not do this' },
} as const satisfies Record<string, ProblemKind>;

export const accessProblems: readonly ProblemKind[] = Object.values(kinds);

export const signInRequired = () =>
  new ProblemError(
    kinds.signInRequired,
    'This needs a signed-in person, or a script with an API token. Nothing was changed.',
    {},
    { 'WWW-Authenticate': 'Bearer' },
  );

/** A secret with recipients. */
export const signInToOpen = () =>
  new ProblemError(
    kinds.signInRequired,
    'It has recipients. Sign in, so that the portal knows who you are. Nothing was opened.',
  );

export const forbidden = () =>
  new ProblemError(kinds.forbidden, 'The signed-in person may not do this. Nothing was changed.');
