import type { Database, Queries } from '../database/database.port.js';
import { appendToChain, headAuthentic, type AuditKey, type ChainHead } from './audit-chain.js';
import type { KeyLookup } from './audit-keys.js';
import type { AuditEvent } from './audit-event.js';
import { decodeHead, encodeHead } from './chain-encoding.js';
import type { Outbox } from './outbox.port.js';
import { project } from './projection.js';
import {
  applyProjection,
  countHours,
  hasHead,
  insertEvents,
  knownStreamIds,
  lockHead,
  saveHead,
} from './trail.repository.js';

/** The trail in the database is not the one that was signed: nothing is added to it until somebody looks. */
export class TrailBrokenError extends Error {
  override name = 'TrailBrokenError';
}

/** Stream ids, "ms-n", in their order. */
function isAfter(one: string, other: string): boolean {
  const [ms = 0, n = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherN = 0] = other.split('-').map(Number);
  return ms > otherMs || (ms === otherMs && n > otherN);
}

function later(one: string | undefined, other: string): string {
  return one !== undefined && isAfter(one, other) ? one : other;
}

/**
 * Moves events from the outbox into the database, each once. The transaction holds the bucket's row until they are
 * committed, so that the chain keeps the order of the transitions. An event leaves the outbox only after the commit; if
 * that is not heard, it is handed out again and recognised by its stream id. Relays that share a server take events
 * only under the row, lest two of them fetch the same; the embedded engine has this one relay, which fetches the next
 * bucket's events while those of another are written.
 */
export class Relay {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly keys: { readonly signing: AuditKey; readonly lookup: KeyLookup },
  ) {}

  /**
   * Moves the oldest events of a bucket. Where there are none, its chain is looked at all the same.
   * @param most events in one transaction
   * @returns how many left the outbox; undefined when another relay is at work on the bucket
   * @throws TrailBrokenError, DatabaseAwayError, ProblemError store_unavailable
   */
  async drain(bucket: number, most: number): Promise<number | undefined> {
    const early = this.database.kind === 'pglite' ? await this.outbox.take(bucket, most) : undefined;
    const done = await this.database.transaction(async (queries) => {
      const stored = await lockHead(queries, bucket);
      if (!stored) return this.requirePresent(queries, bucket);
      this.requireAuthentic(stored.head);
      const taken = early ?? (await this.outbox.take(bucket, most));
      if (taken.head) requireUncut(stored.head, decodeHead(taken.head));
      if (taken.events.length === 0) return { head: stored.head, streamIds: [] };
      const fresh = await unrecorded(queries, bucket, taken.events, stored.streamId);
      const streamIds = taken.events.map((event) => event.streamId);
      if (fresh.length === 0) return { head: stored.head, streamIds };
      const { rows, head } = appendToChain(stored.head, fresh, this.keys.signing);
      await insertEvents(queries, rows);
      await applyProjection(queries, project(fresh));
      await countHours(queries, bucket, rows);
      await saveHead(queries, head, later(streamIds.at(-1), stored.streamId));
      return { head, streamIds };
    });
    if (!done) return undefined;
    if (done.streamIds.length > 0) await this.outbox.settle(bucket, encodeHead(done.head), done.streamIds);
    return done.streamIds.length;
  }

  private async requirePresent(queries: Queries, bucket: number): Promise<undefined> {
    if (await hasHead(queries, bucket)) return undefined;
    throw new TrailBrokenError(`the end of chain ${bucket} is missing in the database`);
  }

  private requireAuthentic(head: ChainHead): void {
    const known = this.keys.lookup(head.keyId);
    if (known && headAuthentic(head, known.key)) return;
    throw new TrailBrokenError(
      known
        ? `the end of chain ${head.bucket} in the database is not one that was signed here`
        : `the end of chain ${head.bucket} in the database was signed with key ${head.keyId}, which is not loaded`,
    );
  }
}

/** Adding to a trail that was cut would hide the cut. */
function requireUncut(inDatabase: ChainHead, inRedis: ChainHead | undefined): void {
  if (!inRedis) throw new TrailBrokenError(`the end of chain ${inDatabase.bucket} in Redis cannot be read`);
  if (inRedis.sequence < inDatabase.sequence) return;
  if (inRedis.sequence === inDatabase.sequence && inRedis.hash.equals(inDatabase.hash)) return;
  throw new TrailBrokenError(
    `chain ${inDatabase.bucket} in the database ends at ${inDatabase.sequence}, but was signed up to ${inRedis.sequence}`,
  );
}

/** Leaves out what an earlier try has committed unheard. Only what is not newer than the last event can be that. */
async function unrecorded(
  queries: Queries,
  bucket: number,
  events: readonly AuditEvent[],
  lastStreamId: string,
): Promise<readonly AuditEvent[]> {
  // They are in order: a first one that is newer leaves none in doubt.
  if (events[0] && isAfter(events[0].streamId, lastStreamId)) return events;
  const doubtful = events.filter((event) => !isAfter(event.streamId, lastStreamId));
  const known = await knownStreamIds(
    queries,
    bucket,
    doubtful.map((event) => event.streamId),
  );
  return events.filter((event) => !known.has(event.streamId));
}
