import type { TrailAction } from '@burnbag/contract';

import type { ExtraData } from './audit-event.js';

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
