import type { Queries } from '../../database/database.port.js';
import { headAuthentic, type ChainHead } from '../chain/audit-chain.js';
import type { KeyLookup } from '../chain/audit-keys.js';
import type { UnsettledEvents } from '../outbox/outbox.port.js';
import { streamIdsAfter } from '../chain/trail.repository.js';

/** More than a relay commits at once: at most this number of events can be committed and not settled. */
const UNSETTLED_MAX = 5_000;

export const FORGED = 'the position that Redis keeps was not signed with a key of this portal';

/** Why a bucket is behind. @param kept undefined: Redis has no position */
export function behindReason(kept: number | undefined, sequence: number): string {
  const has = kept === undefined ? 'Redis has no position of its chain' : `Redis ends at event ${kept}`;
  return `${has}, the database at event ${sequence}`;
}

/** Whether a head belongs to the bucket and was signed with a known key. */
export function isOwnHead(head: ChainHead, bucket: number, lookup: KeyLookup): boolean {
  const known = lookup(head.keyId);
  return head.bucket === bucket && known !== undefined && headAuthentic(head, known.key);
}

/** The events of the database after the sequence that Redis keeps. @param head of the database */
export async function unsettledEvents(
  queries: Queries,
  { bucket, sequence }: ChainHead,
  kept: number,
): Promise<UnsettledEvents> {
  const missing = sequence - kept;
  if (missing > UNSETTLED_MAX) return { streamIds: [], complete: false };
  const streamIds = await streamIdsAfter(queries, bucket, kept, missing);
  return { streamIds, complete: streamIds.length === missing };
}
