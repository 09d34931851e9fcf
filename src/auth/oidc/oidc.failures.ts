import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';

import type { ProblemError } from '../../common/problem.js';
import { signInRefused, signInUnavailable } from './sign-in.errors.js';

const CODE = /^[\w.-]{1,64}$/;

/** Codes of openid-client for an answer that came and is not what was asked for. */
const NOT_CONFIRMED: ReadonlySet<string | undefined> = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
]);
const PROVIDER_TROUBLE: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

function code(value: unknown): string | undefined {
  return typeof value === 'string' && CODE.test(value) ? value : undefined;
}

/** The code at the root of a failure: what `fetch` throws wraps it twice. */
function rootCode(failure: unknown): string | undefined {
  if (typeof failure !== 'object' || failure === null) return undefined;
  const { cause, code: own } = failure as { cause?: unknown; code?: unknown };
  return rootCode(cause) ?? code(own);
}

/** What a log may say of a failure: codes only, since messages and causes may hold tokens, claims and addresses. */
export function describeFailure(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { failure: typeof error };
  const { error: said, code: own, status } = error as { error?: unknown; code?: unknown; status?: unknown };
  return {
    failure: error.name,
    code: code(own),
    cause: rootCode(error.cause),
    said: code(said),
    status: typeof status === 'number' ? status : undefined,
  };
}

/**
 * Tells a refused sign-in from a provider in trouble (or a client that is set up wrongly: its users cannot help that).
 * @returns undefined for what is no failure of the sign-in but ours
 */
export function signInProblem(error: unknown): ProblemError | undefined {
  if (error instanceof AuthorizationResponseError) {
    return PROVIDER_TROUBLE.has(error.error) ? signInUnavailable() : signInRefused();
  }
  if (error instanceof ResponseBodyError) {
    return error.error === 'invalid_grant' ? signInRefused() : signInUnavailable();
  }
  if (error instanceof ClientError) {
    return NOT_CONFIRMED.has(error.code) ? signInRefused() : signInUnavailable();
  }
  if (error instanceof WWWAuthenticateChallengeError) return signInUnavailable();
  // What `fetch` throws when the network fails; a TypeError without a cause is a mistake of ours.
  return error instanceof TypeError && error.cause !== undefined ? signInUnavailable() : undefined;
}
