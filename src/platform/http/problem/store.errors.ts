import { ProblemError } from './problem.js';

/** Thrown by stores that cannot answer now. */
export const storeUnavailable = (detail = 'The secret store does not answer. Try again in a moment.') =>
  new ProblemError('store_unavailable', detail, {}, { 'Retry-After': '2' });

/** @param why the limit that was reached, for people */
export const storageFull = (why = 'The disk or the quota (FILE_QUOTA_BYTES) is full.') =>
  new ProblemError('storage_full', `${why} Nothing was stored; opening and burning still work.`);
