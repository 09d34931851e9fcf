import { ProblemError, type ProblemKind } from '../common/problem.js';

const kinds = {
  signInRequired: { code: 'sign_in_required', status: 401, title: 'Sign in first' },
  forbidden: { code: 'forbidden', status: 403, title: 'This is not for you' },
} as const satisfies Record<string, ProblemKind>;

export const accessProblems: readonly ProblemKind[] = Object.values(kinds);

export const signInRequired = () =>
  new ProblemError(
    kinds.signInRequired,
    'This needs somebody who is signed in, or a script with an API token. Nothing was changed.',
    {},
    { 'WWW-Authenticate': 'Bearer' },
  );

/** A secret whose sender named who may open it. */
export const signInToOpen = () =>
  new ProblemError(
    kinds.signInRequired,
    'Its sender named who may open it. Sign in, so that it is known who you are. Nothing was opened.',
  );

export const forbidden = () =>
  new ProblemError(kinds.forbidden, 'Who is signed in here may not do this. Nothing was changed.');
