import { ProblemError } from '../platform/http/problem/problem.js';

export const signInRequired = () =>
  new ProblemError(
    'sign_in_required',
    'This needs a signed-in person, or a script with an API token. Nothing was changed.',
    {},
    { 'WWW-Authenticate': 'Bearer' },
  );

/** A secret with recipients. */
export const signInToOpen = () =>
  new ProblemError(
    'sign_in_required',
    'It has recipients. Sign in, so that the portal knows who you are. Nothing was opened.',
  );

export const forbidden = () =>
  new ProblemError('forbidden', 'The signed-in person may not do this. Nothing was changed.');
