import type { TokenScope } from '@burnbag/contract';

import { ProblemError } from '../../platform/http/problem/problem.js';

/**
 * One answer for a token that never existed, was revoked or is malformed (RFC 6750, section 3.1).
 * @param expiredAt ms since the epoch: only the holder of the token itself is told that it expired
 */
export const tokenInvalid = (expiredAt?: number) => {
  const detail =
    expiredAt === undefined
      ? 'It was revoked, or never existed. Make a new one.'
      : `It expired at ${new Date(expiredAt).toISOString()}. Make a new one.`;
  return new ProblemError(
    'token_invalid',
    detail,
    {},
    { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  );
};

/** @param scope the missing one */
export const scopeMissing = (scope: TokenScope) =>
  new ProblemError(
    'scope_missing',
    `The token needs the scope "${scope}".`,
    {},
    { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  );

export const tokenNotFound = () =>
  new ProblemError('token_not_found', 'It was revoked, has expired, or belongs to another account.');
