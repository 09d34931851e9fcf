/** Kinds of requests that are limited by client, each by a setting of its own. */
export const RATE_LIMIT_KINDS = ['create', 'reveal', 'transfer', 'status', 'signIn'] as const;
export type RateLimitKind = (typeof RATE_LIMIT_KINDS)[number];
