import type { AuditEvent } from '../events/audit-event.js';

/** Size of the waiting part of one bucket. */
export interface OutboxState {
  readonly events: number;
  /** ms since the epoch, by the store's clock; undefined when nothing waits */
  readonly oldestAt: number | undefined;
  readonly now: number;
  /** The sequence of the head that is kept here, whatever key signed it; 0 when there is none. */
  readonly sequence: number;
}

/** An event that cannot become a row. */
export interface RefusedEvent {
  readonly streamId: string;
  /** `unreadable`, or the SQLSTATE with which the database refused it. */
  readonly reason: string;
}

export interface TakenEvents {
  /** In the order of the transitions, up to the first entry that cannot be read. */
  readonly events: readonly AuditEvent[];
  /** The next entry, when it was not written by one of our scripts. */
  readonly unreadable?: RefusedEvent | undefined;
  /** The last settled head of the bucket's chain. */
  readonly head: Buffer | undefined;
}

/** Events of a batch after their commit. */
export interface SettledEvents {
  readonly head: Buffer;
  /** The head that the new events were chained after. */
  readonly base: Buffer;
  /** Stream ids of the events that were added. */
  readonly added: readonly string[];
  /** Stream ids of events that the database had already. */
  readonly known: readonly string[];
}

/** Events that are in the database and not settled, according to the database. */
export interface UnsettledEvents {
  readonly streamIds: readonly string[];
  /** False when there are more of them than can be unsettled, or their rows are gone. */
  readonly complete: boolean;
}

/** `changed`: the head has changed meanwhile: ask again. */
export type Confirmation = 'ok' | 'behind' | 'changed';

/** Where transitions leave their events until the database has them. */
export interface Outbox {
  /** @returns the trail that this store's events go to: the first that was ever bound */
  bind(trailId: string): Promise<string>;
  state(bucket: number): Promise<OutboxState>;
  /**
   * The oldest events, first those of a relay that died. Until they are settled, the next call returns the
   * same.
   */
  take(bucket: number, most: number): Promise<TakenEvents>;
  /** @returns the stored entry: names and values in turn; empty when there is none with this id */
  entry(bucket: number, streamId: string): Promise<readonly Buffer[]>;
  /**
   * Removes committed events, and stores the signed head of the chain.
   * @returns false when this store lacks events before the head: it has gone back in time
   */
  settle(bucket: number, settled: SettledEvents): Promise<boolean>;
  /**
   * The head of the database is ahead: stores it here, too, if all events between both still wait here.
   * @param kept as it was read; undefined: none
   */
  confirm(
    bucket: number,
    kept: Buffer | undefined,
    head: Buffer,
    unsettled: UnsettledEvents,
  ): Promise<Confirmation>;
  /**
   * Records that a secret expired.
   * @param ref 32 hex digits
   * @param at when it expired, ms
   * @returns false when it is still live, or another end is known
   */
  expire(ref: string, at: number): Promise<boolean>;
}
