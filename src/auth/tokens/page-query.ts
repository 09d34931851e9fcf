import { validationFailed } from '../../platform/http/problem/common.errors.js';

/** Paging parameters of a query; each may come any number of times. */
export interface PageQuery {
  readonly limit?: unknown;
  readonly cursor?: unknown;
}

export const PAGE_DEFAULT = 50;
/** Creation in milliseconds, and an id. */
export const TOKEN_CURSOR = '^([0-9]{1,15})-([0-9a-f]{32})$';

/**
 * Parses the paging parameters. The list checks the page size and the cursor.
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
