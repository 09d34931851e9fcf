import { CopyRows } from '../../database/copy-rows.js';
import { StatementError, type Queries, type Row, type Transaction } from '../../database/database.port.js';
import type { ChainedEvent, ChainHead } from './audit-chain.js';
import type { Projection } from '../events/projection.js';

/** The head of a bucket's chain, with the stream id of its last event. */
export interface StoredHead {
  readonly head: ChainHead;
  readonly streamId: string;
}

interface HeadRow extends Row {
  readonly sequence: number;
  readonly hash: Buffer;
  readonly floor_sequence: number;
  readonly floor_hash: Buffer;
  readonly key_id: number;
  readonly signature: Buffer;
  readonly stream_id: string;
}

const HEAD_COLUMNS = 'sequence, hash, floor_sequence, floor_hash, key_id, signature, stream_id';

/** Exact; a division of seconds would round. */
const timeOf = (ms: string) => `(timestamptz 'epoch' + ${ms} * interval '1 millisecond')`;
const iso = (ms: number) => new Date(ms).toISOString();

function stored(bucket: number, row: HeadRow): StoredHead {
  return {
    head: {
      bucket,
      sequence: row.sequence,
      hash: row.hash,
      floorSequence: row.floor_sequence,
      floorHash: row.floor_hash,
      keyId: row.key_id,
      signature: row.signature,
    },
    streamId: row.stream_id,
  };
}

/** One column of a batch, as an SQL array. */
function column<T, V extends string | number | boolean | null>(items: readonly T[], of: (item: T) => V): V[] {
  return items.map(of);
}

/**
 * Locks the row of a bucket for this transaction.
 * @returns undefined when another relay works on the bucket, or it has no row yet
 */
export async function lockHead(queries: Queries, bucket: number): Promise<StoredHead | undefined> {
  const [row] = await queries.query<HeadRow>(
    `SELECT ${HEAD_COLUMNS} FROM audit_chains WHERE bucket = $1 FOR UPDATE SKIP LOCKED`,
    [bucket],
  );
  return row && stored(bucket, row);
}

/** Locks the row of a bucket, and waits for its current holder. @returns undefined when there is none */
export async function awaitHead(queries: Queries, bucket: number): Promise<StoredHead | undefined> {
  const [row] = await queries.query<HeadRow>(
    `SELECT ${HEAD_COLUMNS} FROM audit_chains WHERE bucket = $1 FOR UPDATE`,
    [bucket],
  );
  return row && stored(bucket, row);
}

/** Whether the bucket has a row, which {@link lockHead} cannot tell from a locked one. */
export async function hasHead(queries: Queries, bucket: number): Promise<boolean> {
  return (await queries.query('SELECT 1 AS one FROM audit_chains WHERE bucket = $1', [bucket])).length > 0;
}

/**
 * Writes heads for buckets that have none. In one statement: a comparison of Redis that saw some of them
 * would close the store for the buckets without one.
 */
export async function addMissingHeads(queries: Queries, heads: readonly ChainHead[]): Promise<void> {
  const rows = heads.map(({ bucket, sequence, hash, floorSequence, floorHash, keyId, signature }) => [
    bucket,
    sequence,
    hash,
    floorSequence,
    floorHash,
    keyId,
    signature,
    '0-0',
  ]);
  if (rows.length === 0) return;
  let last = 0;
  const places = rows.map((row) => `(${row.map(() => `$${(last += 1)}`).join(', ')})`);
  await queries.query(
    `INSERT INTO audit_chains (bucket, ${HEAD_COLUMNS})
     VALUES ${places.join(', ')} ON CONFLICT (bucket) DO NOTHING`,
    rows.flat(),
  );
}

/** @returns the stream ids of a bucket's events after a sequence, in order, at most `limit` */
export async function streamIdsAfter(
  queries: Queries,
  bucket: number,
  sequence: number,
  most: number,
): Promise<string[]> {
  const rows = await queries.query<{ stream_id: string }>(
    `SELECT stream_id FROM audit_events WHERE bucket = $1 AND sequence > $2 ORDER BY sequence LIMIT ${most}`,
    [bucket, sequence],
  );
  return rows.map((row) => row.stream_id);
}

/** The stream ids among these that the bucket has already. */
export async function knownStreamIds(
  queries: Queries,
  bucket: number,
  streamIds: readonly string[],
): Promise<Set<string>> {
  const rows = await queries.query<{ stream_id: string }>(
    'SELECT stream_id FROM audit_events WHERE bucket = $1 AND stream_id = ANY($2::text[])',
    [bucket, streamIds],
  );
  return new Set(rows.map((row) => row.stream_id));
}

const EVENT_COLUMNS =
  'id, ref, action, actor, ip_address, user_agent, created_at, extra_data, bucket, stream_id, sequence, key_id, previous_hash, hash';
const SECRET_COLUMNS =
  'ref, kind, size, creator, created_at, expires_at, sealed, passphrase_required, max_views, recipients_only';
const UNIQUE_VIOLATION = '23505';

/** Inserts chained events; inserting one twice violates the unique index. */
export async function insertEvents(transaction: Transaction, rows: readonly ChainedEvent[]): Promise<void> {
  const batch = new CopyRows(14);
  for (const row of rows) {
    batch.row().int8(row.id).text(row.ref).text(row.action).text(row.actor).text(row.ipAddress);
    batch.text(row.userAgent).timestamptz(row.at).jsonb(row.extraText).int2(row.bucket).text(row.streamId);
    batch.int8(row.sequence).int8(row.keyId).bytea(row.previousHash).bytea(row.hash);
  }
  await transaction.copy(`audit_events (${EVENT_COLUMNS})`, batch.finish());
}

async function insertSecrets(transaction: Transaction, created: Projection['created']): Promise<void> {
  const batch = new CopyRows(10);
  for (const secret of created) {
    batch.row().text(secret.ref).text(secret.kind).int8(secret.size).text(secret.creator);
    batch.timestamptz(secret.createdAt).timestamptz(secret.expiresAt).bool(secret.sealed);
    batch.bool(secret.passphraseRequired).int2(secret.maxViews).bool(secret.recipientsOnly);
  }
  await transaction.query('SAVEPOINT created');
  try {
    await transaction.copy(`secrets (${SECRET_COLUMNS})`, batch.finish());
  } catch (error) {
    if (!(error instanceof StatementError) || error.code !== UNIQUE_VIOLATION) throw error;
    await transaction.query('ROLLBACK TO SAVEPOINT created');
    await insertUnknownSecrets(transaction, created);
  }
}

/** A Redis that was set back can create a secret a second time; the first row stays. */
async function insertUnknownSecrets(queries: Queries, created: Projection['created']): Promise<void> {
  await queries.query(
    `INSERT INTO secrets (${SECRET_COLUMNS})
     SELECT ref, kind, size, creator, ${timeOf('"createdAt"')}, ${timeOf('"expiresAt"')}, sealed,
       "passphraseRequired", "maxViews", "recipientsOnly"
     FROM json_to_recordset($1::json) AS s (ref text, kind text, size bigint, creator text, "createdAt" bigint,
       "expiresAt" bigint, sealed boolean, "passphraseRequired" boolean, "maxViews" smallint,
       "recipientsOnly" boolean)
     ON CONFLICT (ref) DO NOTHING`,
    [JSON.stringify(created)],
  );
}

/** Applies the events to the table of secrets. */
export async function applyProjection(queries: Transaction, { created, changes }: Projection): Promise<void> {
  if (created.length > 0) await insertSecrets(queries, created);
  if (changes.length > 0) {
    await queries.query(
      `UPDATE secrets SET
         views = secrets.views + c.views,
         failed_attempts = secrets.failed_attempts + c.failed_attempts,
         locked_until = COALESCE(c.locked_until, CASE WHEN NOT c.unlocked THEN secrets.locked_until END),
         state = COALESCE(c.state, secrets.state),
         ended_at = COALESCE(c.ended_at, secrets.ended_at),
         ended_by = COALESCE(c.ended_by, secrets.ended_by)
       FROM unnest($1::text[], $2::integer[], $3::integer[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::text[],
         $8::boolean[]) AS c (ref, views, failed_attempts, locked_until, state, ended_at, ended_by, unlocked)
       WHERE secrets.ref = c.ref`,
      [
        column(changes, (change) => change.ref),
        column(changes, (change) => change.views),
        column(changes, (change) => change.failedAttempts),
        column(changes, (change) => (change.lockedUntil === null ? null : iso(change.lockedUntil))),
        column(changes, (change) => change.state),
        column(changes, (change) => (change.endedAt === null ? null : iso(change.endedAt))),
        column(changes, (change) => change.endedBy),
        column(changes, (change) => change.unlocked),
      ],
    );
  }
}

/** Adds events to the hourly counts that the statistics read. */
export async function countHours(
  queries: Queries,
  bucket: number,
  rows: readonly ChainedEvent[],
): Promise<void> {
  const counts = new Map<string, number>();
  for (const { at, action } of rows) {
    const key = `${Math.floor(at / 3_600_000)} ${action}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const keys = [...counts.keys()].map((key) => key.split(' ') as [string, string]);
  await queries.query(
    `INSERT INTO audit_hours (hour, bucket, action, events)
     SELECT to_timestamp(h.hour * 3600), $1::smallint, h.action, h.events
     FROM unnest($2::bigint[], $3::text[], $4::bigint[]) AS h (hour, action, events)
     ON CONFLICT (hour, bucket, action) DO UPDATE SET events = audit_hours.events + excluded.events`,
    [bucket, keys.map(([hour]) => Number(hour)), keys.map(([, action]) => action), [...counts.values()]],
  );
}

export async function saveHead(queries: Queries, head: ChainHead, streamId: string): Promise<void> {
  await queries.query(
    `UPDATE audit_chains SET sequence = $2, hash = $3, floor_sequence = $4, floor_hash = $5, key_id = $6,
       signature = $7, stream_id = $8 WHERE bucket = $1`,
    [
      head.bucket,
      head.sequence,
      head.hash,
      head.floorSequence,
      head.floorHash,
      head.keyId,
      head.signature,
      streamId,
    ],
  );
}

/** The id of this database's trail; created with the database. */
export async function trailId(queries: Queries): Promise<string> {
  const [row] = await queries.query<{ trail_id: string }>(
    'SELECT trail_id::text AS trail_id FROM audit_trail',
  );
  if (!row) throw new Error('the database has no trail');
  return row.trail_id;
}
