import { validationFailed } from '../../common/common.errors.js';

/** What of a query says which page is meant; each may come any number of times. */
export interface PageQuery {
  readonly limit?: unknown;
  readonly cursor?: unknown;
}

export const PAGE_DEFAULT = 50;

/**
 * Which page of a list is meant. Whether there are so many on a page, and such a cursor, the list says.
 * @throws ProblemError validation_failed
 */
export function pageOf({ limit, cursor }: PageQuery): { limit: number; cursor: string | undefined } {
  if (cursor !== undefined && typeof cursor !== 'string') {
    throw validationFailed([{ field: 'cursor', message: 'must come once' }]);
  }
  return {
    limit: limit === undefined ? PAGE_DEFAULT : typeof limit === 'string' ? Number(limit) : NaN,
    cursor,
  };
}
