import { withTimeout } from '../../common/with-timeout.js';
import { DatabaseAwayError, type Queries } from '../../database/database.port.js';
import { BUCKETS, type ChainHead } from '../chain/audit-chain.js';
import type { AuditKeys, KeyLookup } from '../chain/audit-keys.js';
import { readHead } from '../chain/chain-row.js';
import { readHeads } from '../chain/chain.repository.js';
import { decodeHead, encodeHead } from '../chain/chain-encoding.js';
import type { UnsettledEvents } from '../outbox/outbox.port.js';
import { trailId } from '../chain/trail.repository.js';
import { behindReason, FORGED, isOwnHead, unsettledEvents } from './chain-position.js';
import { comparisonMark, isMarkOf } from './comparison-mark.js';

/** Facts of one bucket by its server. Bytes are structured-cloned, so they arrive as Uint8Array. */
export interface RedisPosition {
  /** undefined: none */
  readonly head: Uint8Array | undefined;
  readonly events: number;
  readonly runId: string;
  readonly mark: Uint8Array | undefined;
}

/** Request of the main thread to the relay's thread. */
export interface PositionRequest {
  /** Id of the database that this Redis is bound to; undefined: none, or unknown. */
  readonly trail: string | undefined;
  /** By bucket; undefined: it could not be reached. */
  readonly positions: readonly (RedisPosition | undefined)[];
}

export type BucketVerdict =
  /** `mark`: to store in Redis, when it has another. */
  | { readonly kind: 'current'; readonly mark: Uint8Array | undefined }
  /** Redis decides: see Outbox.confirm. */
  | {
      readonly kind: 'confirm';
      readonly kept: Uint8Array | undefined;
      readonly head: Uint8Array;
      readonly unsettled: UnsettledEvents;
      readonly reason: string;
      readonly mark: Uint8Array;
    }
  | { readonly kind: 'behind' | 'unproven'; readonly reason: string };

export interface PositionAnswer {
  /** By bucket; undefined as in the request. */
  readonly verdicts: readonly (BucketVerdict | undefined)[];
  /** Whether the database answered: after an outage it has to be asked again. */
  readonly compared: boolean;
}

/**
 * Milliseconds without an answer after which a database counts as down. The embedded one may have to finish
 * long batches first.
 */
const ANSWER_MS = 20_000;

const AWAY = 'the audit database is away, and Redis was started since it was last compared with it';
const UNSIGNED = 'the position in the database was not signed with a key of this portal: run "audit verify"';

/** Compares the position of each chain in Redis with the database. */
export async function comparePositions(
  database: Queries,
  keys: AuditKeys,
  request: PositionRequest,
): Promise<PositionAnswer> {
  try {
    const verdicts = await withTimeout(ANSWER_MS, compared(database, keys, request));
    if (verdicts) return { verdicts, compared: true };
  } catch (error) {
    if (!(error instanceof DatabaseAwayError)) throw error;
  }
  return { verdicts: remembered(keys, request), compared: false };
}

async function compared(
  database: Queries,
  keys: AuditKeys,
  { trail, positions }: PositionRequest,
): Promise<(BucketVerdict | undefined)[]> {
  const ours = await trailId(database);
  // The relay reports a trail of another database, and production refuses it.
  if (trail !== undefined && trail !== ours)
    return positions.map((position) => position && { kind: 'current', mark: undefined });
  const lookup = await keys.lookup(database);
  const stored = new Map((await readHeads(database)).map((row) => [row.bucket, readHead(row)]));
  const verdicts: (BucketVerdict | undefined)[] = [];
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const position = positions[bucket];
    const mark = position && comparisonMark(keys.signing, bucket, position.runId);
    if (!position || !mark) verdicts.push(undefined);
    // A database that no relay has written to yet.
    else if (stored.size === 0) verdicts.push({ kind: 'current', mark: changed(position, mark) });
    else verdicts.push(await verdict(database, lookup, { bucket, head: stored.get(bucket), position, mark }));
  }
  return verdicts;
}

interface Compared {
  readonly bucket: number;
  /** Of the database. */
  readonly head: ChainHead | undefined;
  readonly position: RedisPosition;
  readonly mark: Buffer;
}

async function verdict(
  database: Queries,
  lookup: KeyLookup,
  { bucket, head, position, mark }: Compared,
): Promise<BucketVerdict> {
  if (!head || !isOwnHead(head, bucket, lookup)) return { kind: 'unproven', reason: UNSIGNED };
  const kept = position.head && decodeHead(Buffer.from(position.head));
  const isSigned = kept !== undefined && isOwnHead(kept, bucket, lookup);
  if ((isSigned ? kept.sequence : 0) >= head.sequence)
    return { kind: 'current', mark: changed(position, mark) };
  if (position.head && !isSigned) return { kind: 'behind', reason: FORGED };
  return {
    kind: 'confirm',
    kept: position.head,
    head: encodeHead(head),
    unsettled: await unsettledEvents(database, head, kept?.sequence ?? 0),
    reason: behindReason(kept?.sequence, head.sequence),
    mark,
  };
}

function changed({ mark }: RedisPosition, next: Buffer): Uint8Array | undefined {
  return mark && next.equals(mark) ? undefined : next;
}

/**
 * Without the database: the same run of a compared server is as far as it was, and an empty one has nothing
 * to open.
 */
function remembered(keys: AuditKeys, { trail, positions }: PositionRequest): (BucketVerdict | undefined)[] {
  const { signing } = keys;
  const isEmpty =
    trail === undefined &&
    positions.every((each) => !each || (!each.head && !each.mark && each.events === 0));
  return positions.map((position, bucket) => {
    if (!position) return undefined;
    const { mark, runId } = position;
    if (mark && isMarkOf(Buffer.from(mark), signing, bucket, runId))
      return { kind: 'current', mark: undefined };
    if (isEmpty) return { kind: 'current', mark: comparisonMark(signing, bucket, runId) };
    return { kind: 'unproven', reason: AWAY };
  });
}
