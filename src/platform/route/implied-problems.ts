import type { Access, ProblemCode } from '@burnbag/contract';

import type { RateLimitRule } from './route-limit.js';

/** What the access guard answers, by who may use a route. */
export const REFUSED: Readonly<Record<Access, readonly ProblemCode[]>> = {
  everyone: ['token_invalid'],
  creators: ['sign_in_required', 'token_invalid', 'scope_missing'],
  people: ['sign_in_required', 'forbidden', 'token_invalid'],
  admins: ['sign_in_required', 'forbidden', 'token_invalid'],
  receipts: ['token_invalid', 'scope_missing'],
  stats: ['sign_in_required', 'token_invalid', 'scope_missing', 'forbidden'],
  unasked: [],
};

/** Methods that no page of another origin can abuse (RFC 9110, section 9.2.1). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The refusals that follow from who may use a route and how often, before its handler is asked. */
export function impliedProblems(
  method: string,
  who: Access,
  rule: RateLimitRule | undefined,
): readonly ProblemCode[] {
  return [
    ...REFUSED[who],
    ...(who === 'unasked' || SAFE.has(method) ? [] : (['csrf_refused'] as const)),
    ...(rule ? (['rate_limited', 'store_unavailable'] as const) : []),
    ...(rule?.textBytesIn ? (['text_quota_reached'] as const) : []),
  ];
}
