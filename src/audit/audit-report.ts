import type { TracingConfig } from '../config/app.config.js';
import type { KeyringClone } from '../crypto/keyring.js';
import type { RedisTarget } from '../config/redis-target.js';
import type { PositionRequest } from './position/compare-positions.js';
import type { VerifyRequest } from './verification.js';

/**
 * How the trail is kept: `ok`; `away`, the database or Redis cannot be reached; `broken`, what is in the database is
 * not what was signed, or cannot be added to; `elsewhere`, another copy's database keeps this store's trail; `behind`, Redis
 * has gone back in time, and nothing is moved until it is reconciled.
 */
export type TrailState = 'ok' | 'away' | 'broken' | 'elsewhere' | 'behind';

/** What the relay tells the main thread, about once a second. */
export interface AuditReport {
  readonly trail: TrailState;
  /** Events that wait in all buckets. */
  readonly events: number;
  /** Age of the oldest of them in ms. */
  readonly oldestMs: number;
  /** Events moved since the relay started. */
  readonly relayed: number;
  /** Expiries recorded since the relay started. */
  readonly expired: number;
  /** Events of the trail that the database refused and that were set aside, by all copies. */
  readonly setAside: number;
}

/** What the main thread asks of the relay's thread. */
export type AuditRequest =
  | { readonly kind: 'keys'; readonly keyring: KeyringClone }
  | ({ readonly kind: 'verify' } & VerifyRequest)
  | ({ readonly kind: 'position' } & PositionRequest);

/** What the relay is started with. */
export interface AuditTaskSettings {
  readonly redis: RedisTarget;
  readonly keyring: KeyringClone;
  readonly outboxMax: number;
  readonly retentionDays: number;
  readonly tombstoneMs: number;
  /** Replicas that must hold an event before it is moved. */
  readonly burnQuorum: number;
  /** `auto`: a Redis that has gone back in time is reconciled by itself. */
  readonly reconcile: 'manual' | 'auto';
  readonly tracing: TracingConfig;
  /** One Int32: how busy the event loop of the requests is, in thousandths. Undefined where cores are plenty. */
  readonly busy: SharedArrayBuffer | undefined;
}
