import { DatabaseAwayError, type Transaction } from '../../database/database.port.js';
import type { ChainedEvent } from '../chain/audit-chain.js';

/** An event that became a row: without what only the chain needs. */
export type RecordedEvent = Readonly<
  Pick<
    ChainedEvent,
    'id' | 'ref' | 'action' | 'actor' | 'ipAddress' | 'userAgent' | 'at' | 'extra' | 'bucket' | 'sequence'
  >
>;

/**
 * Reacts to audit events. It runs in the database thread, in the transaction that records them, so what it writes through
 * `transaction` is there exactly once for each event, through kills and restarts. It must do nothing else: a transaction that
 * is rolled back is tried again, and neither mail nor a request can be rolled back.
 */
export interface AuditSubscriber {
  /** For messages and logs, such as `mail`. */
  readonly name: string;
  /**
   * @param events of one bucket, oldest first; an event that was set aside comes as its stand-in
   * @throws what stops the trail until it succeeds: the events wait in Redis meanwhile
   */
  onRecorded(events: readonly RecordedEvent[], transaction: Transaction): Promise<void>;
}

/**
 * The default export of a subscriber's file.
 * @public for the files of features
 * @param settings as they were registered
 */
export type CreateSubscriber<Settings = unknown> = (settings: Settings) => AuditSubscriber;

/** Where a subscriber is, as the database thread is told. */
export interface SubscriberSource {
  /** URL of the compiled file. */
  readonly module: string;
  /** Structured-cloned. */
  readonly settings: unknown;
}

/** A subscriber failed. What it failed at is about none of the events, so none is set aside for it. */
class SubscriberError extends Error {
  override name = 'SubscriberError';

  constructor(subscriber: string, cause: unknown) {
    super(
      `the audit subscriber "${subscriber}" failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

/** @throws what a file or its factory throws */
export function loadSubscribers(sources: readonly SubscriberSource[]): Promise<AuditSubscriber[]> {
  return Promise.all(
    sources.map(async ({ module, settings }) => {
      const { default: create } = (await import(module)) as { default: CreateSubscriber };
      return create(settings);
    }),
  );
}

/** Calls the subscribers in the order of their registration. @throws DatabaseAwayError, SubscriberError */
export async function notifySubscribers(
  subscribers: readonly AuditSubscriber[],
  events: readonly RecordedEvent[],
  transaction: Transaction,
): Promise<void> {
  for (const subscriber of subscribers) {
    try {
      await subscriber.onRecorded(events, transaction);
    } catch (error) {
      throw error instanceof DatabaseAwayError ? error : new SubscriberError(subscriber.name, error);
    }
  }
}
