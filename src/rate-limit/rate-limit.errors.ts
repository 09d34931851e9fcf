import { ProblemError } from '../platform/http/problem/problem.js';

/** @param retryAfterSeconds whole seconds until the client is served again */
export const rateLimited = (retryAfterSeconds: number) =>
  new ProblemError(
    'rate_limited',
    `Try again in ${retryAfterSeconds} s. Nothing was opened or changed.`,
    { retryAfterSeconds },
    { 'Retry-After': String(retryAfterSeconds) },
  );

/** @param limit in bytes (SECRET_CLIENT_BYTES_PER_HOUR) @param retryAfterSeconds whole seconds until the hour ends */
export const textQuotaReached = (limit: number, retryAfterSeconds: number) =>
  new ProblemError(
    'text_quota_reached',
    `content: with it this client would have handed over more than ${limit} bytes of text in an hour (SECRET_CLIENT_BYTES_PER_HOUR). Try again in ${retryAfterSeconds} s. Nothing was stored.`,
    { field: 'content', limit, retryAfterSeconds },
    { 'Retry-After': String(retryAfterSeconds) },
  );
