import { problemsAmong } from '../common/answers.openapi.js';
import { guardProblems } from '../auth/access.openapi.js';
import { commonProblems } from '../common/common.errors.js';
import { storeProblems } from '../common/store.errors.js';
import { rateLimitProblems } from '../rate-limit/rate-limit.errors.js';
import { secretsProblems } from './secrets.errors.js';

/** Problems of every route of a secret. */
export const SECRET_PROBLEMS = [
  ...commonProblems,
  ...guardProblems,
  ...rateLimitProblems,
  ...secretsProblems,
  ...storeProblems,
] as const;

/** Problems of routes that read the status. */
export const LOOKING_PROBLEMS = [
  'validation_failed',
  'sign_in_required',
  'not_recipient',
  'secret_not_found',
  'secret_gone',
] as const;

/** Problems of routes that open or burn. */
export const OPENING_PROBLEMS = [
  ...LOOKING_PROBLEMS,
  'passphrase_required',
  'passphrase_wrong',
  'proof_wrong',
  'secret_locked',
  'record_damaged',
  'key_unavailable',
  'passphrase_busy',
] as const;

/** Documents problems by their codes, with those of every route of a secret. */
export const Problems = problemsAmong(SECRET_PROBLEMS, 'rate_limited', 'store_unavailable');

/** Problems of routes that open or burn. */
export function OpeningProblems(...more: readonly string[]): MethodDecorator {
  return Problems(...OPENING_PROBLEMS, ...more);
}
