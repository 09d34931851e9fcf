import { ProblemError, type ProblemKind } from './problem.js';

const kinds = {
  storeUnavailable: { code: 'store_unavailable', status: 503, title: 'The store cannot be reached' },
  storageFull: { code: 'storage_full', status: 507, title: 'There is no room for it' },
} as const satisfies Record<string, ProblemKind>;

export const storeProblems: readonly ProblemKind[] = Object.values(kinds);

/** Raised by whatever keeps data when it cannot answer now. */
export const storeUnavailable = (detail = 'The secret store does not answer. Try again in a moment.') =>
  new ProblemError(kinds.storeUnavailable, detail, {}, { 'Retry-After': '2' });

/** @param why which limit was reached, for people */
export const storageFull = (why = 'The disk or the quota (FILE_QUOTA_BYTES) is full.') =>
  new ProblemError(kinds.storageFull, `${why} Nothing was stored; opening and burning go on.`);
