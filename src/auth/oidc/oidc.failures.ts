import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';

import type { ProblemError } from '../../platform/http/problem/problem.js';
import { signInRefused, signInUnavailable } from './sign-in.errors.js';

const CODE = /^[\w.-]{1,64}$/;

/** Codes of openid-client for an answer of the wrong form or content. */
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

/** The root cause's code: `fetch` wraps it twice. */
function rootCode(failure: unknown): string | undefined {
  if (typeof failure !== 'object' || failure === null) return undefined;
  const { cause, code: own } = failure as { cause?: unknown; code?: unknown };
  return rootCode(cause) ?? code(own);
}

/**
 * Loggable description of a failure: codes only, since messages and causes may hold tokens, claims and e-mail
 * addresses.
 */
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
 * Distinguishes a refused sign-in from a failing provider (or a misconfigured client, which the person cannot
 * help).
 * @returns undefined for a bug of ours
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
  // `fetch` throws a TypeError with a cause when the network fails; one without a cause is a bug of ours.
  return error instanceof TypeError && error.cause !== undefined ? signInUnavailable() : undefined;
}
