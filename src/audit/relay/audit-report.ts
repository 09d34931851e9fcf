import type { TrailState } from '@burnbag/contract';

import type { TracingConfig } from '../../platform/config/sections/app.config.js';
import type { KeyringClone } from '../../crypto/keyring/keyring.js';
import type { RedisTarget } from '../../platform/config/redis-target.js';
import type { SubscriberSource } from '../subscriber/audit-subscriber.js';
import type { PositionRequest } from '../position/compare-positions.js';
import type { VerifyRequest } from '../verify/verify-request.js';

/**
 * State of the trail: `ok`; `away`, the database or Redis cannot be reached; `broken`, the database does not
 * hold what was signed, or cannot be added to; `elsewhere`, another database keeps this store's trail;
 * `behind`, Redis has gone back in time, and nothing is moved until it is reconciled.
 */

/** Report of the relay to the main thread, about once a second. */
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
  /** Events of the trail that the database refused and that were set aside, by all replicas. */
  readonly setAside: number;
  /**
   * When the relay last found that Redis is behind, in ms; undefined: not since it started. Another value is
   * another finding; the state stays `behind` until a round succeeds.
   */
  readonly behindFoundAt: number | undefined;
}

/** Request of the main thread to the relay's thread. */
export type AuditRequest =
  | { readonly kind: 'keys'; readonly keyring: KeyringClone }
  | ({ readonly kind: 'verify' } & VerifyRequest)
  | ({ readonly kind: 'position' } & PositionRequest);

/** Options of the relay. */
export interface AuditTaskSettings {
  readonly redis: RedisTarget;
  readonly keyring: KeyringClone;
  readonly subscribers: readonly SubscriberSource[];
  readonly outboxMax: number;
  readonly retentionDays: number;
  readonly tombstoneMs: number;
  /** Replicas that must hold an event before it is moved. */
  readonly burnQuorum: number;
  /** `auto`: a Redis that has gone back in time is reconciled automatically. */
  readonly reconcile: 'manual' | 'auto';
  readonly tracing: TracingConfig;
  /**
   * One Int32: load of the event loop of the requests, in thousandths. Undefined when there are several
   * cores.
   */
  readonly busy: SharedArrayBuffer | undefined;
}
