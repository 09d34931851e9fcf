import type { AuditEvent } from './audit-event.js';

/** How much of the trail waits in one bucket. */
export interface OutboxState {
  readonly events: number;
  /** ms since the epoch, by the store's clock; undefined when nothing waits */
  readonly oldestAt: number | undefined;
  readonly now: number;
  /** The sequence of the head that is kept here, whoever signed it; 0 when there is none. */
  readonly sequence: number;
}

/** An event that cannot become a row as it is. */
export interface RefusedEvent {
  readonly streamId: string;
  /** `unreadable`, or the SQLSTATE with which the database refused it. */
  readonly reason: string;
}

export interface TakenEvents {
  /** In the order of the transitions, up to the first entry that cannot be read. */
  readonly events: readonly AuditEvent[];
  /** The entry that follows them, where it is not one that a script of ours wrote. */
  readonly unreadable?: RefusedEvent | undefined;
  /** The last end of the bucket's chain that was settled. */
  readonly head: Buffer | undefined;
}

/** What was committed of what was taken. */
export interface SettledEvents {
  readonly head: Buffer;
  /** The head that the new events were chained behind. */
  readonly base: Buffer;
  /** Stream ids of the events that were added. */
  readonly added: readonly string[];
  /** Those of events that the database had already. */
  readonly known: readonly string[];
}

/** Events that the database has and that were not settled, by what it says. */
export interface UnsettledEvents {
  readonly streamIds: readonly string[];
  /** False when there are more of them than can be unsettled, or their rows are gone. */
  readonly complete: boolean;
}

/** `changed`: the head is another one by now: ask again. */
export type Confirmation = 'ok' | 'behind' | 'changed';

/** Where transitions leave their events until the database has them. */
export interface Outbox {
  /** @returns the trail that this store's events go to: the first that was ever bound */
  bind(trailId: string): Promise<string>;
  state(bucket: number): Promise<OutboxState>;
  /** The oldest events, those of a relay that died first. Until they are settled, the next call gives the same. */
  take(bucket: number, most: number): Promise<TakenEvents>;
  /** @returns the entry as it lies there: names and values by turns; empty when there is none of this id */
  entry(bucket: number, streamId: string): Promise<readonly Buffer[]>;
  /**
   * The events are committed: they leave, and the chain's signed end is kept beside.
   * @returns false when this store does not hold what the end stands for: it has gone back in time
   */
  settle(bucket: number, settled: SettledEvents): Promise<boolean>;
  /**
   * The head of the database is ahead: keeps it here, too, if all events between both still wait here.
   * @param kept as it was read; undefined: none
   */
  confirm(
    bucket: number,
    kept: Buffer | undefined,
    head: Buffer,
    unsettled: UnsettledEvents,
  ): Promise<Confirmation>;
  /**
   * Records that a secret ended with its time.
   * @param ref 32 hex digits
   * @param at when it expired, ms
   * @returns false when it lives still, or when another end is known
   */
  expire(ref: string, at: number): Promise<boolean>;
}
