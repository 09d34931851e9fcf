import { ProblemError, type ProblemKind } from '../common/problem.js';

const kind = {
  code: 'rate_limited',
  status: 429,
  title: 'Too many requests',
  extras: ['retryAfterSeconds'],
} as const satisfies ProblemKind;

export const rateLimitProblems: readonly ProblemKind[] = [kind];

/** @param retryAfterSeconds whole seconds until the client is served again */
export const rateLimited = (retryAfterSeconds: number) =>
  new ProblemError(
    kind,
    `Try again in ${retryAfterSeconds} s. Nothing was opened or changed.`,
    { retryAfterSeconds },
    { 'Retry-After': String(retryAfterSeconds) },
  );
