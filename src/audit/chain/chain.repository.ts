import type { Queries } from '../../database/database.port.js';
import { BUCKETS } from './audit-chain.js';

/**
 * A row of audit_events as stored, which need not be how it was written. Numbers that may not fit are text.
 */
export interface StoredEvent {
  readonly id: string;
  readonly bucket: string | null;
  readonly sequence: string | null;
  readonly keyId: string | null;
  /** Microseconds since the Unix epoch, with or without a fraction of zeros. */
  readonly createdAtMicros: string | null;
  readonly streamId: string | null;
  readonly ref: string | null;
  readonly action: string | null;
  readonly actor: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly extraText: string | null;
  readonly previousHash: Buffer | null;
  readonly hash: Buffer | null;
}

/** A row of audit_chains as stored. */
export interface StoredHead {
  readonly bucket: number;
  readonly sequence: string;
  readonly hash: Buffer;
  readonly floorSequence: string;
  readonly floorHash: Buffer;
  readonly keyId: string;
  readonly signature: Buffer;
}

const EVENT_COLUMNS = `e.id::text AS "id", e.bucket::text AS "bucket", e.sequence::text AS "sequence",
  e.key_id::text AS "keyId", (extract(epoch FROM e.created_at) * 1000000)::text AS "createdAtMicros",
  e.stream_id AS "streamId", e.ref, e.action, e.actor, e.ip_address AS "ipAddress", e.user_agent AS "userAgent",
  e.extra_data::text AS "extraText", e.previous_hash AS "previousHash", e.hash`;

const HEAD_COLUMNS = `bucket, sequence::text AS "sequence", hash, floor_sequence::text AS "floorSequence",
  floor_hash AS "floorHash", key_id::text AS "keyId", signature`;

/** @param bucket only this one; undefined: all of them @returns in one snapshot, by bucket */
export function readHeads(queries: Queries, bucket?: number): Promise<StoredHead[]> {
  const sql = `SELECT ${HEAD_COLUMNS} FROM audit_chains WHERE $1::int IS NULL OR bucket = $1 ORDER BY bucket`;
  return queries.query<StoredHead & Record<string, unknown>>(sql, [bucket ?? null]);
}

/** One page of rows in the order of their ids. @param after id as text; undefined: from the first */
export function eventsAfter(
  queries: Queries,
  after: string | undefined,
  upTo: number,
  limit: number,
): Promise<StoredEvent[]> {
  const from = after === undefined ? '$1::text IS NULL' : 'e.id > $1::text::bigint';
  const sql = `SELECT ${EVENT_COLUMNS} FROM audit_events e WHERE ${from} AND e.id <= $2::bigint ORDER BY e.id LIMIT ${limit}`;
  return queries.query<StoredEvent & Record<string, unknown>>(sql, [after ?? null, upTo]);
}

/**
 * The first rows after the heads in audit_chains. One statement, so that rows and heads are of one moment.
 * @param after ids up to this one are skipped
 */
export function eventsBeyondHeads(queries: Queries, after: number, limit: number): Promise<StoredEvent[]> {
  const sql = `SELECT ${EVENT_COLUMNS} FROM audit_events e LEFT JOIN audit_chains c ON c.bucket = e.id & ${BUCKETS - 1}
    WHERE e.id > $1::bigint AND (c.bucket IS NULL OR e.id > c.sequence * ${BUCKETS} + c.bucket)
    ORDER BY e.id LIMIT ${limit}`;
  return queries.query<StoredEvent & Record<string, unknown>>(sql, [after]);
}

/** The rows that claim a position by their columns, whatever their ids. */
export function eventsClaiming(queries: Queries, bucket: number, sequence: number): Promise<StoredEvent[]> {
  const sql = `SELECT ${EVENT_COLUMNS} FROM audit_events e WHERE e.bucket = $1 AND e.sequence = $2 ORDER BY e.id LIMIT 10`;
  return queries.query<StoredEvent & Record<string, unknown>>(sql, [bucket, sequence]);
}
