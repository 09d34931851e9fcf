import type { AuditAction } from '@burnbag/contract';

import type { AuditEvent } from './audit-event.js';

export type EndedState = 'viewed' | 'burned' | 'expired';

/** A secret as it was created. Times are ms since the epoch. */
interface ProjectedSecret {
  readonly ref: string;
  readonly kind: string;
  readonly size: number;
  readonly creator: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly sealed: boolean;
  readonly passphraseRequired: boolean;
  readonly maxViews: number;
  /** Opens for named people only. */
  readonly recipientsOnly: boolean;
}

/** Changes of one secret by a batch of events. */
interface SecretChange {
  readonly ref: string;
  views: number;
  failedAttempts: number;
  lockedUntil: number | null;
  /** The last known lock was lifted; one in `lockedUntil` came after. */
  unlocked: boolean;
  state: EndedState | null;
  endedAt: number | null;
  endedBy: string | null;
}

export interface Projection {
  readonly created: readonly ProjectedSecret[];
  readonly changes: readonly SecretChange[];
}

function createdFrom({ ref, at, actor, extra }: AuditEvent): ProjectedSecret {
  return {
    ref,
    kind: String(extra['kind'] ?? 'text'),
    size: Number(extra['size'] ?? 0),
    creator: actor,
    createdAt: at,
    expiresAt: at + Number(extra['ttlSeconds'] ?? 0) * 1000,
    sealed: extra['sealed'] === true,
    passphraseRequired: extra['passphraseRequired'] === true,
    maxViews: Number(extra['maxViews'] ?? 1),
    // The number of recipients; the trail does not name them.
    recipientsOnly: Number(extra['recipients'] ?? 0) > 0,
  };
}

function end(change: SecretChange, state: EndedState, { at, actor }: AuditEvent): void {
  change.state = state;
  change.endedAt = at;
  change.endedBy = actor;
}

type Apply = (change: SecretChange, event: AuditEvent) => void;

/** What each action changes in the row of its secret; null: nothing. */
const CHANGES: Readonly<Record<Exclude<AuditAction, 'created'>, Apply | null>> = {
  viewed: (change, event) => {
    change.views += 1;
    if (event.extra['viewsLeft'] === 0) end(change, 'viewed', event);
  },
  view_retried: null,
  acknowledged: null,
  attempt_failed: (change) => {
    change.failedAttempts += 1;
  },
  locked: (change, { extra }) => {
    change.lockedUntil = Number(extra['until'] ?? 0);
  },
  unlocked: (change) => {
    change.lockedUntil = null;
    change.unlocked = true;
  },
  burned: (change, event) => end(change, 'burned', event),
  expired: (change, event) => end(change, 'expired', event),
};

/**
 * Projects events, in order, on the table of secrets: one row for each secret, however many events it had.
 */
export function project(events: readonly AuditEvent[]): Projection {
  const created: ProjectedSecret[] = [];
  const changes = new Map<string, SecretChange>();
  for (const event of events) {
    if (event.action === 'created') {
      created.push(createdFrom(event));
      continue;
    }
    const apply = CHANGES[event.action];
    if (!apply) continue;
    let change = changes.get(event.ref);
    if (!change) {
      const nothing = {
        views: 0,
        failedAttempts: 0,
        lockedUntil: null,
        unlocked: false,
        state: null,
        endedAt: null,
        endedBy: null,
      };
      change = { ref: event.ref, ...nothing };
      changes.set(event.ref, change);
    }
    apply(change, event);
  }
  return { created, changes: [...changes.values()] };
}
