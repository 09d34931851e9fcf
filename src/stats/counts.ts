import type { Counts, Span } from '@burnbag/contract';

const HOUR_MS = 3_600_000;

/** Counts while events are added. */
export type RunningCounts = { -readonly [Name in keyof Counts]: number };

export function nothing(): RunningCounts {
  return { created: 0, viewed: 0, burned: 0, expired: 0, locked: 0, failedAttempts: 0, rateLimited: 0 };
}

/** Adjacent spans of the same length, into which hours are counted. */
export interface Spans {
  /** Oldest first. */
  readonly list: readonly Span[];
  /** @param hour since the epoch. @returns undefined for an hour outside of the spans */
  at(hour: number): RunningCounts | undefined;
}

/**
 * @param hours length of each, from a multiple of it since the epoch @param now the last hour of the last
 * span
 */
export function spans(count: number, hours: number, now: number): Spans {
  const last = Math.floor(now / hours);
  const list = Array.from({ length: count }, (_, index) => ({
    start: new Date((last - count + 1 + index) * hours * HOUR_MS).toISOString(),
    ...nothing(),
  }));
  return { list, at: (hour) => list[Math.floor(hour / hours) - last + count - 1] };
}
