import { problemsAmong } from '../common/answers.openapi.js';
import { commonProblems } from '../common/common.errors.js';
import { storeProblems } from '../common/store.errors.js';
import { rateLimitProblems } from '../rate-limit/rate-limit.errors.js';
import { authProblemKinds } from './auth.problems.js';

/** Documents refusals by their codes, with those that every route of this module has. */
export const AuthProblems = problemsAmong(
  [...commonProblems, ...rateLimitProblems, ...storeProblems, ...authProblemKinds],
  'rate_limited',
  'store_unavailable',
);
