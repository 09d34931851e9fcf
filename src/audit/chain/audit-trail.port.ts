import type { TrailAction } from '@burnbag/contract';

import type { ExtraData } from '../events/audit-event.js';

/** One event of the trail as the sender of a secret may see it. */
export interface TrailEntry {
  readonly action: TrailAction;
  /** ms since the epoch */
  readonly at: number;
  /** See actorOf. */
  readonly actor: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly extra: ExtraData;
}

/** More than a secret has in normal use: a flood of guesses must not become a flood of rows. */
export const TIMELINE_MOST = 1_000;

/** The trail as features read it. */
export interface AuditTrail {
  /**
   * @param ref 16 bytes
   * @returns its events in order; of more than TIMELINE_MOST the first and the newest; undefined while the
   * database is unavailable
   */
  timeline(ref: Buffer): Promise<readonly TrailEntry[] | undefined>;
}
export const AUDIT_TRAIL = Symbol('AuditTrail');
