import type { Database, Queries, Transaction } from '../../database/database.port.js';
import { appendToChain, headAuthentic, type AuditKey, type ChainHead } from '../chain/audit-chain.js';
import type { KeyLookup } from '../chain/audit-keys.js';
import type { AuditEvent } from '../events/audit-event.js';
import { notifySubscribers, type AuditSubscriber } from '../subscriber/audit-subscriber.js';
import { decodeHead, encodeHead } from '../chain/chain-encoding.js';
import type { Outbox, RefusedEvent, TakenEvents } from '../outbox/outbox.port.js';
import { behindReason, FORGED, isOwnHead, unsettledEvents } from '../position/chain-position.js';
import { project } from '../events/projection.js';
import { projectRefused, refusalReason, standIn } from '../set-aside/set-aside.js';
import { encodeEntry, insertSetAside } from '../set-aside/set-aside.repository.js';
import {
  applyProjection,
  countHours,
  hasHead,
  insertEvents,
  knownStreamIds,
  lockHead,
  saveHead,
  type StoredHead,
} from '../chain/trail.repository.js';

/**
 * The trail in the database is not the one that was signed: nothing is added until an operator has checked
 * it.
 */
export class TrailBrokenError extends Error {
  override name = 'TrailBrokenError';
}

/**
 * Redis has less of a chain than the database: it has gone back in time, and no event of the chain is moved.
 */
export class RedisBehindError extends Error {
  override name = 'RedisBehindError';

  constructor(
    readonly bucket: number,
    reason: string,
  ) {
    super(`bucket ${bucket}: ${reason}`);
  }
}

/** Stream ids, "ms-n", in their order. */
function isAfter(one: string, other: string): boolean {
  const [ms = 0, n = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherN = 0] = other.split('-').map(Number);
  return ms > otherMs || (ms === otherMs && n > otherN);
}

/** The events of the failed transaction. */
interface Attempt {
  streamIds: readonly string[];
}

interface Moved {
  readonly head: ChainHead;
  /** The head before. */
  readonly base: ChainHead;
  /** Stream ids of events that became rows, and of those that the database had already. */
  readonly added: readonly string[];
  readonly known: readonly string[];
  readonly refused?: RefusedEvent;
}

function later(one: string | undefined, other: string): string {
  return one !== undefined && isAfter(one, other) ? one : other;
}

/**
 * Moves events from the outbox into the database, each once. The transaction locks the bucket's row until the
 * commit, so that the chain keeps the order of the transitions. An event leaves the outbox only after the
 * commit; if the answer of the commit is lost, the event is handed out again and recognised by its stream id.
 * Relays that share a server take events only under the row's lock, so that two of them do not fetch the
 * same; the embedded engine has this one relay, which fetches the next bucket's events while those of another
 * are written.
 */
export class Relay {
  /** Batch size of a bucket in which the database has refused an event. */
  private readonly careful = new Map<number, number>();
  private readonly reached = new Map<number, number>();

  /** @param onSetAside called with each event that was set aside, after the commit */
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly keys: { readonly signing: AuditKey; readonly lookup: KeyLookup },
    private readonly onSetAside: (bucket: number, refused: RefusedEvent) => void = () => undefined,
    private readonly subscribers: readonly AuditSubscriber[] = [],
  ) {}

  /**
   * Moves the oldest events of a bucket. When there are none, its chain is checked all the same. Finds an
   * event that the database refuses for its values by halving the batch, and sets it aside: another row takes
   * its position in the chain.
   * @param most events in one transaction
   * @returns how many left the outbox; undefined when another relay works on the bucket
   * @throws TrailBrokenError, DatabaseAwayError, StatementError, ProblemError store_unavailable
   */
  async drain(bucket: number, most: number): Promise<number | undefined> {
    const limit = Math.min(most, this.careful.get(bucket) ?? most);
    const attempt: Attempt = { streamIds: [] };
    try {
      const moved = await this.move(bucket, limit, { attempt });
      if (limit * 2 >= most) this.careful.delete(bucket);
      else this.careful.set(bucket, limit * 2);
      return moved;
    } catch (error) {
      const reason = refusalReason(error);
      const [streamId, ...others] = attempt.streamIds;
      if (reason === undefined || streamId === undefined) throw error;
      const half = Math.ceil(attempt.streamIds.length / 2);
      this.careful.set(bucket, half);
      if (others.length > 0) return this.drain(bucket, most);
      return this.move(bucket, 1, { refused: { streamId, reason } });
    }
  }

  private async move(
    bucket: number,
    most: number,
    { attempt, refused }: { attempt?: Attempt; refused?: RefusedEvent },
  ): Promise<number | undefined> {
    const early = this.database.kind === 'pglite' ? await this.outbox.take(bucket, most) : undefined;
    const done = await this.database.transaction(async (queries) => {
      const stored = await lockHead(queries, bucket);
      if (!stored) return this.requirePresent(queries, bucket);
      this.requireAuthentic(stored.head);
      this.reached.set(bucket, stored.head.sequence);
      const taken = early ?? (await this.outbox.take(bucket, most));
      if (!(await this.isLevel(queries, stored.head, taken.head))) return undefined;
      const unfit = unfitFirst(taken, refused);
      if (unfit) return this.setAside(queries, stored, unfit, taken.events[0]);
      const streamIds = taken.events.map((event) => event.streamId);
      if (attempt) attempt.streamIds = streamIds;
      return this.append(queries, stored, taken.events);
    });
    if (!done) return undefined;
    const { head, base, added, known, refused: setAside } = done;
    this.reached.set(bucket, head.sequence);
    if (setAside) this.onSetAside(bucket, setAside);
    if (added.length + known.length === 0) return 0;
    const settled = { head: encodeHead(head), base: encodeHead(base), added, known };
    if (!(await this.outbox.settle(bucket, settled)))
      throw new RedisBehindError(bucket, 'Redis has lost events that the database has');
    return added.length + known.length;
  }

  /** The sequence up to which the database is known to have a bucket's chain. */
  sequenceOf(bucket: number): number {
    return this.reached.get(bucket) ?? 0;
  }

  /**
   * Whether Redis has what the database has of a chain. It may be behind only by events that still wait
   * there, because the answer of their commit was lost.
   * @returns false when another relay moves the chain now @throws TrailBrokenError, RedisBehindError
   */
  private async isLevel(queries: Queries, head: ChainHead, stored: Buffer | undefined): Promise<boolean> {
    const kept = stored && decodeHead(stored);
    if (stored && !kept)
      throw new TrailBrokenError(`the end of chain ${head.bucket} in Redis cannot be read`);
    const isSigned = kept !== undefined && isOwnHead(kept, head.bucket, this.keys.lookup);
    if (kept && isSigned) requireUncut(head, kept);
    if ((isSigned ? kept.sequence : 0) >= head.sequence) return true;
    if (kept && !isSigned) throw new RedisBehindError(head.bucket, FORGED);
    const unsettled = await unsettledEvents(queries, head, kept?.sequence ?? 0);
    const answer = await this.outbox.confirm(head.bucket, stored, encodeHead(head), unsettled);
    if (answer === 'behind')
      throw new RedisBehindError(head.bucket, behindReason(kept?.sequence, head.sequence));
    return answer === 'ok';
  }

  private async append(
    queries: Transaction,
    { head: before, streamId }: StoredHead,
    events: readonly AuditEvent[],
  ): Promise<Moved> {
    if (events.length === 0) return { head: before, base: before, added: [], known: [] };
    const { bucket } = before;
    const fresh = await unrecorded(queries, bucket, events, streamId);
    const streamIds = events.map((event) => event.streamId);
    if (fresh.length === 0) return { head: before, base: before, added: [], known: streamIds };
    const added = fresh.map((event) => event.streamId);
    const isAdded = new Set(added);
    const known = streamIds.filter((id) => !isAdded.has(id));
    const { rows, head } = appendToChain(before, fresh, this.keys.signing);
    await insertEvents(queries, rows);
    await applyProjection(queries, project(fresh));
    await countHours(queries, bucket, rows);
    await notifySubscribers(this.subscribers, rows, queries);
    await saveHead(queries, head, later(streamIds.at(-1), streamId));
    return { head, base: before, added, known };
  }

  private async setAside(
    queries: Transaction,
    { head: before, streamId: last }: StoredHead,
    refused: RefusedEvent,
    event: AuditEvent | undefined,
  ): Promise<Moved> {
    const { bucket } = before;
    const streamIds = [refused.streamId];
    const known = await knownStreamIds(queries, bucket, streamIds);
    if (known.size > 0) return { head: before, base: before, added: [], known: streamIds };
    const content = encodeEntry(await this.outbox.entry(bucket, refused.streamId));
    const { rows, head } = appendToChain(
      before,
      [standIn(bucket, refused, event, content)],
      this.keys.signing,
    );
    await insertEvents(queries, rows);
    await insertSetAside(queries, { bucket, sequence: head.sequence, content }, refused.streamId);
    if (event) await projectRefused(queries, event);
    await countHours(queries, bucket, rows);
    await notifySubscribers(this.subscribers, rows, queries);
    await saveHead(queries, head, later(refused.streamId, last));
    return { head, base: before, added: streamIds, known: [], refused };
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

/** The oldest event of a bucket, when it must be set aside. */
function unfitFirst({ events, unreadable }: TakenEvents, refused?: RefusedEvent): RefusedEvent | undefined {
  const [first] = events;
  if (!first) return unreadable;
  return refused?.streamId === first.streamId ? refused : undefined;
}

/** Adding to a trail that was cut would hide the cut. */
function requireUncut(inDatabase: ChainHead, inRedis: ChainHead): void {
  if (inRedis.sequence < inDatabase.sequence) return;
  if (inRedis.sequence === inDatabase.sequence && inRedis.hash.equals(inDatabase.hash)) return;
  throw new TrailBrokenError(
    `chain ${inDatabase.bucket} in the database ends at ${inDatabase.sequence}, but was signed up to ${inRedis.sequence}`,
  );
}

/**
 * Drops events that an earlier try has committed without an answer. Only events that are not newer than the
 * last one can be such.
 */
async function unrecorded(
  queries: Queries,
  bucket: number,
  events: readonly AuditEvent[],
  lastStreamId: string,
): Promise<readonly AuditEvent[]> {
  // They are in order: when the first is newer, all are.
  if (events[0] && isAfter(events[0].streamId, lastStreamId)) return events;
  const doubtful = events.filter((event) => !isAfter(event.streamId, lastStreamId));
  const known = await knownStreamIds(
    queries,
    bucket,
    doubtful.map((event) => event.streamId),
  );
  return events.filter((event) => !known.has(event.streamId));
}
