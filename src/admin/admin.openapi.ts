import { authProblemKinds } from '../auth/auth.problems.js';
import { problemsAmong } from '../common/answers.openapi.js';
import { commonProblems } from '../common/common.errors.js';
import { storeProblems } from '../common/store.errors.js';
import { rateLimitProblems } from '../rate-limit/rate-limit.errors.js';
import { secretsProblems } from '../secrets/secrets.errors.js';
import { adminProblems } from './admin.errors.js';

const KINDS = [
  ...commonProblems,
  ...authProblemKinds,
  ...rateLimitProblems,
  ...secretsProblems,
  ...storeProblems,
  ...adminProblems,
];

/** Documents problems by their codes, with those of every administrator's route. */
export const AdminProblems = problemsAmong(
  KINDS,
  'sign_in_required',
  'forbidden',
  'token_invalid',
  'rate_limited',
  'store_unavailable',
);

/** The same for routes that change something: only pages of the portal may call them. */
export function AdminActProblems(...codes: readonly string[]): MethodDecorator {
  return AdminProblems('csrf_refused', ...codes);
}
