import { ProblemError, type ProblemKind } from '../common/problem.js';

const kinds = {
  rateLimited: {
    code: 'rate_limited',
    status: 429,
    title: 'Too many requests',
    extras: ['retryAfterSeconds'],
  },
  textQuotaReached: {
    code: 'text_quota_reached',
    status: 429,
    title: 'Too much text in an hour',
    extras: ['field', 'limit', 'retryAfterSeconds'],
  },
} as const satisfies Record<string, ProblemKind>;

export const rateLimitProblems: readonly ProblemKind[] = Object.values(kinds);

/** @param retryAfterSeconds whole seconds until the client is served again */
export const rateLimited = (retryAfterSeconds: number) =>
  new ProblemError(
    kinds.rateLimited,
    `Try again in ${retryAfterSeconds} s. Nothing was opened or changed.`,
    { retryAfterSeconds },
    { 'Retry-After': String(retryAfterSeconds) },
  );

/** @param limit in bytes (SECRET_CLIENT_BYTES_PER_HOUR) @param retryAfterSeconds whole seconds until the hour ends */
export const textQuotaReached = (limit: number, retryAfterSeconds: number) =>
  new ProblemError(
    kinds.textQuotaReached,
    `content: with it this client would have handed over more than ${limit} bytes of text in an hour (SECRET_CLIENT_BYTES_PER_HOUR). Try again in ${retryAfterSeconds} s. Nothing was stored.`,
    { field: 'content', limit, retryAfterSeconds },
    { 'Retry-After': String(retryAfterSeconds) },
  );
