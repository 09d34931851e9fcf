import { validationFailed } from '../platform/http/problem/common.errors.js';

/** A page of a list, and the start of the next one; null at the end. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * @param rows one more than `limit` when there is another page
 * @param cursorOf position of a row
 */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, nextCursor: rows.length > limit && last ? cursorOf(last) : null };
}

/** @throws ProblemError validation_failed */
export function cursorInvalid(): never {
  throw validationFailed([{ field: 'cursor', message: 'must be the nextCursor of the page before' }]);
}
