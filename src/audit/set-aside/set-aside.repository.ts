import { SET_ASIDE } from '@burnbag/contract';

import type { Queries, Row } from '../../database/database.port.js';
import type { Place } from '../chain/chain-row.js';

/** The bytes of an event that the database refused, at the position of its row in the chain. */
export interface SetAsideContent extends Place {
  readonly content: Buffer;
}

interface ContentRow extends Row, SetAsideContent {}

/** Encodes an entry of the outbox: each name and value after its length in four bytes, big-endian. */
export function encodeEntry(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

export async function insertSetAside(
  queries: Queries,
  { bucket, sequence, content }: SetAsideContent,
  streamId: string,
): Promise<void> {
  await queries.query(
    'INSERT INTO audit_set_aside (bucket, sequence, stream_id, content) VALUES ($1, $2, $3, $4)',
    [bucket, sequence, streamId, content],
  );
}

export async function countSetAside(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ count: number }>('SELECT count(*) AS count FROM audit_set_aside');
  return row?.count ?? 0;
}

export async function setAsideContent(
  queries: Queries,
  { bucket, sequence }: Place,
): Promise<Buffer | undefined> {
  const [row] = await queries.query<ContentRow>(
    'SELECT bucket, sequence, content FROM audit_set_aside WHERE bucket = $1 AND sequence = $2',
    [bucket, sequence],
  );
  return row?.content;
}

/** The first bytes without a row in the chain. One statement, so that both tables are of one moment. */
export async function strayContent(queries: Queries): Promise<Place | undefined> {
  const [row] = await queries.query<Place & Row>(
    `SELECT a.bucket, a.sequence FROM audit_set_aside a
     LEFT JOIN audit_events e ON e.id = a.sequence * 16 + a.bucket
     WHERE e.action IS DISTINCT FROM $1 ORDER BY a.bucket, a.sequence LIMIT 1`,
    [SET_ASIDE],
  );
  return row && { bucket: row.bucket, sequence: row.sequence };
}

export async function forgetSetAside(queries: Queries, bucket: number, upTo: number): Promise<void> {
  await queries.query('DELETE FROM audit_set_aside WHERE bucket = $1 AND sequence <= $2', [bucket, upTo]);
}
