import type { Queries } from '../database/database.port.js';
import {
  BUCKETS,
  emptyHead,
  signHead,
  type AuditKey,
  type ChainedEvent,
  type ChainHead,
} from './audit-chain.js';

/** A row of audit_events as it lies there, which need not be how it was written. Numbers that may not fit are text. */
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

/** A row of audit_chains as it lies there. */
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
 * The first rows behind the ends that audit_chains names. One statement, so that rows and ends are of one moment.
 * @param after ids up to this one are not looked at
 */
export function eventsBeyondHeads(queries: Queries, after: number, limit: number): Promise<StoredEvent[]> {
  const sql = `SELECT ${EVENT_COLUMNS} FROM audit_events e LEFT JOIN audit_chains c ON c.bucket = e.id & ${BUCKETS - 1}
    WHERE e.id > $1::bigint AND (c.bucket IS NULL OR e.id > c.sequence * ${BUCKETS} + c.bucket)
    ORDER BY e.id LIMIT ${limit}`;
  return queries.query<StoredEvent & Record<string, unknown>>(sql, [after]);
}

/** The rows that say to be in a place, wherever their ids are. */
export function eventsClaiming(queries: Queries, bucket: number, sequence: number): Promise<StoredEvent[]> {
  const sql = `SELECT ${EVENT_COLUMNS} FROM audit_events e WHERE e.bucket = $1 AND e.sequence = $2 ORDER BY e.id LIMIT 10`;
  return queries.query<StoredEvent & Record<string, unknown>>(sql, [bucket, sequence]);
}

/** Gives every bucket a signed head before its first event, so that a missing one is a removed one. Idempotent. */
export async function ensureHeads(queries: Queries, key: AuditKey): Promise<void> {
  const heads = Array.from({ length: BUCKETS }, (_, bucket) => signHead(emptyHead(bucket), key));
  const sql = `INSERT INTO audit_chains (bucket, sequence, hash, floor_sequence, floor_hash, key_id, signature)
    SELECT bucket, 0, decode(hash, 'hex'), 0, decode(hash, 'hex'), $1, decode(signature, 'hex')
    FROM unnest($2::int[], $3::text[], $4::text[]) AS new (bucket, hash, signature)
    WHERE NOT EXISTS (SELECT FROM audit_chains) ON CONFLICT (bucket) DO NOTHING`;
  const hex = (name: 'hash' | 'signature') => heads.map((head) => head[name].toString('hex'));
  await queries.query(sql, [key.id, heads.map(({ bucket }) => bucket), hex('hash'), hex('signature')]);
}

/**
 * Takes a bucket's head for this transaction.
 * @returns undefined when another transaction has it; the id of the last stream entry that is in the chain
 */
export async function lockHead(
  queries: Queries,
  bucket: number,
): Promise<{ head: ChainHead; streamId: string } | undefined> {
  const sql = `SELECT bucket, sequence, hash, floor_sequence AS "floorSequence", floor_hash AS "floorHash",
    key_id AS "keyId", signature, stream_id AS "streamId" FROM audit_chains WHERE bucket = $1 FOR UPDATE SKIP LOCKED`;
  const [row] = await queries.query<ChainHead & { streamId: string } & Record<string, unknown>>(sql, [
    bucket,
  ]);
  if (!row) return undefined;
  const { streamId, ...head } = row;
  return { head, streamId };
}

/** Stores the signed head of a bucket that is locked by {@link lockHead}. */
export async function saveHead(queries: Queries, head: ChainHead, streamId: string): Promise<void> {
  const sql = `UPDATE audit_chains SET sequence = $2, hash = $3, floor_sequence = $4, floor_hash = $5, key_id = $6,
    signature = $7, stream_id = $8 WHERE bucket = $1`;
  const { bucket, sequence, hash, floorSequence, floorHash, keyId, signature } = head;
  await queries.query(sql, [bucket, sequence, hash, floorSequence, floorHash, keyId, signature, streamId]);
}

/** Inserts chained rows in one statement; hashes travel as hex, because an array of bytes is no SqlValue. */
export async function insertEvents(queries: Queries, rows: readonly ChainedEvent[]): Promise<void> {
  const sql = `INSERT INTO audit_events (id, bucket, sequence, key_id, created_at, stream_id, ref, action, actor,
      ip_address, user_agent, extra_data, previous_hash, hash)
    SELECT id, bucket, sequence, key_id, timestamptz 'epoch' + at * interval '1 millisecond', stream_id, ref, action,
      actor, ip_address, user_agent, extra::jsonb, decode(previous_hash, 'hex'), decode(hash, 'hex')
    FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
      AS new (id, bucket, sequence, key_id, at, stream_id, ref, action, actor, ip_address, user_agent, extra,
        previous_hash, hash)`;
  const column = <T>(of: (row: ChainedEvent) => T): T[] => rows.map(of);
  await queries.query(sql, [
    column((row) => row.id),
    column((row) => row.bucket),
    column((row) => row.sequence),
    column((row) => row.keyId),
    column((row) => row.at),
    column((row) => row.streamId),
    column((row) => row.ref),
    column((row) => row.action),
    column((row) => row.actor),
    column((row) => row.ipAddress),
    column((row) => row.userAgent),
    column((row) => row.extraText),
    column((row) => row.previousHash.toString('hex')),
    column((row) => row.hash.toString('hex')),
  ]);
}
