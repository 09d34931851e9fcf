import { ProblemError, type ProblemKind } from './problem.js';

const kinds = {
  storeUnavailable: { code: 'store_unavailable', status: 503, title: 'The store cannot be reached' },
  storageFull: { code: 'storage_full', status: 507, title: 'The storage is full' },
} as const satisfies Record<string, ProblemKind>;

export const storeProblems: readonly ProblemKind[] = Object.values(kinds);

/** Thrown by stores that cannot answer now. */
export const storeUnavailable = (detail = 'The secret store does not answer. Try again in a moment.') =>
  new ProblemError(kinds.storeUnavailable, detail, {}, { 'Retry-After': '2' });

/** @param why the limit that was reached, for people */
export const storageFull = (why = 'The disk or the quota (FILE_QUOTA_BYTES) is full.') =>
  new ProblemError(kinds.storageFull, `${why} Nothing was stored; opening and burning still work.`);
