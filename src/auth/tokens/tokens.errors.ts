import type { TokenScope } from '@burnbag/contract';

import { ProblemError, type ProblemKind } from '../../common/problem.js';

const kinds = {
  tokenInvalid: { code: 'token_invalid', status: 401, title: 'The API token is not valid' },
  scopeMissing: { code: 'scope_missing', status: 403, title: 'The API token may not do this' },
  tokenNotFound: { code: 'token_not_found', status: 404, title: 'There is no such API token' },
} as const satisfies Record<string, ProblemKind>;

export const tokensProblems: readonly ProblemKind[] = Object.values(kinds);

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
    kinds.tokenInvalid,
    detail,
    {},
    { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  );
};

/** @param scope the missing one */
export const scopeMissing = (scope: TokenScope) =>
  new ProblemError(
    kinds.scopeMissing,
    `The token needs the scope "${scope}".`,
    {},
    { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  );

export const tokenNotFound = () =>
  new ProblemError(kinds.tokenNotFound, 'It was revoked, has expired, or belongs to another account.');
