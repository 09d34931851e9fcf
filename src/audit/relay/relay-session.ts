import { ProblemError } from '../../platform/http/problem/problem.js';
import { DatabaseAwayError, type Database } from '../../database/database.port.js';
import { emptyHead, signHead } from '../chain/audit-chain.js';
import { signingKey, type AuditKeys, type KeyLookup } from '../chain/audit-keys.js';
import type { AuditProgress } from './audit-progress.js';
import type { AuditSubscriber } from '../subscriber/audit-subscriber.js';
import type { UpkeepParts } from '../retention/audit-upkeep.js';
import { ExpiryReconciler } from '../retention/expiry-reconciler.js';
import type { Outbox, OutboxState } from '../outbox/outbox.port.js';
import { Relay } from './relay.js';
import { Retention } from '../retention/retention.js';
import { addMissingHeads, trailId } from '../chain/trail.repository.js';

export const BUCKETS = Array.from({ length: 16 }, (_, bucket) => bucket);

/** Parts of the relay that are bound to one database and one set of keys. */
export interface RelaySession extends UpkeepParts {
  readonly lookup: KeyLookup;
  readonly relay: Relay;
  /** Buckets whose chains were not compared yet: a restored database may be an older one. */
  readonly unseen: Set<number>;
}

export interface RelaySessionOptions {
  readonly database: Database;
  readonly outbox: Outbox;
  /** React to events in the transaction of the relay. */
  readonly subscribers: readonly AuditSubscriber[];
  readonly retentionDays: number;
}

/** The database or Redis cannot be reached, which is temporary. */
export function isAbsence(error: unknown): error is Error {
  return error instanceof DatabaseAwayError || error instanceof ProblemError;
}

/**
 * Binds Redis to the trail of this database, and stores its keys and the heads of its chains.
 * @returns undefined when another database keeps the trail of this Redis, which is logged
 */
export async function openRelaySession(
  { database, outbox, subscribers, retentionDays }: RelaySessionOptions,
  keys: AuditKeys,
  progress: AuditProgress,
): Promise<RelaySession | undefined> {
  const ours = await trailId(database);
  if ((await outbox.bind(ours)) !== ours) {
    progress.become(
      'elsewhere',
      'the audit trail of this Redis is kept by another database: set DATABASE_URL',
    );
    return undefined;
  }
  await keys.ensureStored(database);
  const signing = signingKey(keys.signing);
  await addMissingHeads(
    database,
    BUCKETS.map((bucket) => signHead(emptyHead(bucket), signing)),
  );
  const lookup = await keys.lookup(database);
  const relay = new Relay(
    database,
    outbox,
    { signing, lookup },
    (bucket, { streamId, reason }) => {
      progress.setAside += 1;
      progress.log('error', 'an audit event was set aside, since the database refuses it', {
        bucket,
        streamId,
        reason,
      });
    },
    subscribers,
  );
  return {
    lookup,
    relay,
    expiry: new ExpiryReconciler(database, outbox),
    retention: new Retention(database, signing, retentionDays),
    unseen: new Set(BUCKETS),
  };
}

/** Whether Redis has less of a chain than the database was seen to have. */
function hasLess(relay: Relay, state: OutboxState | undefined, bucket: number): boolean {
  return (state?.sequence ?? 0) < relay.sequenceOf(bucket);
}

/** Whether Redis may have gone back in time, which is checked even while requests need the core. */
export function isSuspect({ relay }: RelaySession, states: readonly OutboxState[]): boolean {
  return BUCKETS.some((bucket) => hasLess(relay, states[bucket], bucket));
}

/**
 * @returns buckets with events, buckets not compared yet, and buckets of which Redis has less than the
 * database was seen to have
 */
export function dueBuckets({ relay, unseen }: RelaySession, states: readonly OutboxState[]): number[] {
  return BUCKETS.filter(
    (bucket) =>
      (states[bucket]?.events ?? 0) > 0 || unseen.has(bucket) || hasLess(relay, states[bucket], bucket),
  );
}
