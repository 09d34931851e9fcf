import type { Queries, Row } from '../../database/database.port.js';
import { forgetSetAside } from '../set-aside/set-aside.repository.js';

/** An advisory lock that no other part of the program uses. */
const ADVISORY_LOCK = 1_651_861_607;

/** An expired secret without a recorded end. */
export interface DueSecret {
  /** 32 hex digits */
  readonly ref: string;
  /** ms since the epoch */
  readonly expiresAt: number;
}

interface DueRow extends Row {
  readonly ref: string;
  readonly expires_at: Date;
}

/** @returns whether this transaction is the only one that looks for expired secrets */
export async function lockUpkeep(queries: Queries): Promise<boolean> {
  const [row] = await queries.query<{ locked: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS locked', [
    ADVISORY_LOCK,
  ]);
  return row?.locked ?? false;
}

/**
 * @param before by bucket, ms: those that expired before; undefined for none of the bucket
 * @returns the oldest first
 */
export async function dueSecrets(
  queries: Queries,
  before: readonly (number | undefined)[],
  most: number,
): Promise<DueSecret[]> {
  const asked = before.flatMap((until, bucket) => (until === undefined ? [] : [{ bucket, until }]));
  if (asked.length === 0) return [];
  // The bucket is the low half of a reference's first byte. The last condition is for the index.
  const rows = await queries.query<DueRow>(
    `SELECT s.ref, s.expires_at FROM secrets s
     JOIN unnest($1::text[], $2::timestamptz[]) AS b (digit, until) ON b.digit = substr(s.ref, 2, 1)
     WHERE s.state = 'live' AND s.expires_at < b.until AND s.expires_at < $3 ORDER BY s.expires_at LIMIT $4`,
    [
      asked.map(({ bucket }) => bucket.toString(16)),
      asked.map(({ until }) => new Date(until).toISOString()),
      new Date(Math.max(...asked.map(({ until }) => until))),
      most,
    ],
  );
  return rows.map(({ ref, expires_at: end }) => ({ ref, expiresAt: end.getTime() }));
}

/** @param since ms. @returns the first sequence of the bucket to keep; undefined when all are older */
export async function firstSince(
  queries: Queries,
  bucket: number,
  since: number,
): Promise<number | undefined> {
  const [row] = await queries.query<{ first: number | null }>(
    'SELECT min(sequence) AS first FROM audit_events WHERE bucket = $1 AND created_at >= $2',
    [bucket, new Date(since)],
  );
  return row?.first ?? undefined;
}

export async function hashAt(
  queries: Queries,
  bucket: number,
  sequence: number,
): Promise<Buffer | undefined> {
  const [row] = await queries.query<{ hash: Buffer }>(
    'SELECT hash FROM audit_events WHERE bucket = $1 AND sequence = $2',
    [bucket, sequence],
  );
  return row?.hash;
}

/** Removes the events of a bucket up to a sequence, and what was set aside among them. */
export async function forgetEvents(queries: Queries, bucket: number, upTo: number): Promise<void> {
  await queries.query('DELETE FROM audit_events WHERE bucket = $1 AND sequence <= $2', [bucket, upTo]);
  await forgetSetAside(queries, bucket, upTo);
}

/**
 * Removes what is derived from removed events. The end of a secret is kept until its own expiry: until then
 * an old copy of Redis could bring it back.
 * @param before ms
 */
export async function forgetDerived(queries: Queries, before: number): Promise<void> {
  const cutoff = new Date(before);
  await queries.query("DELETE FROM secrets WHERE state <> 'live' AND ended_at < $1 AND expires_at < now()", [
    cutoff,
  ]);
  await queries.query('DELETE FROM audit_hours WHERE hour < $1', [cutoff]);
}
