import { ProblemError, type ProblemKind } from './problem.js';

const kind = {
  code: 'store_unavailable',
  status: 503,
  title: 'The store cannot be reached',
} as const satisfies ProblemKind;

export const storeProblems: readonly ProblemKind[] = [kind];

/** Raised by whatever keeps data when it cannot answer now. */
export const storeUnavailable = (detail = 'The secret store does not answer. Try again in a moment.') =>
  new ProblemError(kind, detail, {}, { 'Retry-After': '2' });
