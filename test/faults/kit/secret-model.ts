import type { Try } from './life-log.js';
import type { LifePlan, Offer } from './life-plan.js';

export const LEASE_MS = 5_000;
export const LOCK_MS = 3_000;
const ATTEMPTS = 5;

type End = 'viewed' | 'burned' | 'expired';

/** While other views are left, a lease does not outlive the secret. */
interface Lease {
  readonly ends: number;
  readonly withSecret: boolean;
}

/** What may be known of a secret between two of its transitions. Times are ms since the epoch. */
export interface Standing {
  readonly viewsLeft: number;
  readonly attempts: number;
  readonly lockedUntil: number;
  /** By number of the claim; those that are over stay. */
  readonly leases: ReadonlyMap<number, Lease>;
  readonly end: { readonly how: End; readonly at: number } | undefined;
}

/** A transition as a row of the trail tells it. */
interface Transition {
  readonly action: string;
  readonly at: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What a request gets, and, when it changes something, the standing after it and the rows that the trail must have. */
export interface Reaction {
  readonly answer: string;
  /** Of the lease that is granted. */
  readonly leaseEnd?: number;
  readonly effect?: { readonly standing: Standing; readonly transitions: readonly Transition[] };
}

/**
 * The rules of a secret's life, written from the design and not from the program: the answer that a request gets in a
 * standing, and the standing that follows it.
 */
export class SecretModel {
  readonly expiresAt: number;

  /** @param late ms that Redis may have kept the secret for longer: its clock went on while the script ran */
  constructor(
    readonly plan: LifePlan,
    createdAt: number,
    late = 0,
  ) {
    this.expiresAt = createdAt + plan.ttlSeconds * 1_000 + late;
  }

  get first(): Standing {
    return { viewsLeft: this.plan.maxViews, attempts: 0, lockedUntil: 0, leases: new Map(), end: undefined };
  }

  /** @returns the one reaction that is right at a moment */
  answer(step: Try['step'], now: Standing, t: number): Reaction {
    const { end } = now;
    const gone = end && `410 ${end.how} ${end.at}`;
    const passed = !end && t > this.expiresAt ? '404' : undefined;
    switch (step.does) {
      case 'create':
        return { answer: '201' };
      case 'look':
        return { answer: this.look(now, t) ?? gone ?? passed ?? '' };
      case 'read the receipt':
        return { answer: '200' };
      case 'acknowledge':
        if (passed) return { answer: passed };
        return this.leaseOf(now, step.claim, t) ? this.acknowledge(now, step.claim, t) : { answer: '204' };
      case 'burn by sender':
        if (gone ?? passed) return { answer: gone ?? passed ?? '' };
        return this.burned(now, t, 'sender');
      case 'burn':
        if (gone ?? passed) return { answer: gone ?? passed ?? '' };
        return this.guarded(now, t, this.offered(step)) ?? this.burned(now, t, 'reader');
      case 'claim':
      case 'fetch': {
        const claim = step.does === 'claim' ? step.claim : undefined;
        if (claim !== undefined && !passed && this.leaseOf(now, claim, t))
          return this.retry(now, t, step, claim);
        if (gone ?? passed) return { answer: gone ?? passed ?? '' };
        return this.guarded(now, t, this.offered(step)) ?? this.viewed(now, t, claim);
      }
    }
  }

  /** A plain GET brings a passphrase along, but never a proof. */
  private offered(step: { does: string; offer: Offer }): Offer {
    return step.does === 'fetch' && this.plan.guard !== 'passphrase' ? 'none' : step.offer;
  }

  private look({ end, leases, viewsLeft, lockedUntil }: Standing, t: number): string | undefined {
    if (end) return end.how === 'viewed' && this.lastOf(leases) > t ? '200 claimed 0' : undefined;
    if (t > this.expiresAt) return undefined;
    return `200 ${lockedUntil > t ? 'locked' : 'live'} ${viewsLeft}`;
  }

  /** Moments at which an answer may become another one without a transition. */
  turns({ leases, lockedUntil }: Standing): number[] {
    return [...[...leases.values()].map((lease) => this.endOf(lease)), lockedUntil, this.expiresAt];
  }

  private required(): string {
    return this.plan.guard === 'passphrase' ? '401' : '403';
  }

  /** @returns undefined when the offer is right, or none is needed */
  private guarded(now: Standing, t: number, offer: Offer): Reaction | undefined {
    const { guard } = this.plan;
    if (guard === 'none') return undefined;
    if (now.lockedUntil > t) return { answer: `423 ${now.lockedUntil}` };
    if (offer === 'none') return { answer: this.required() };
    if (offer === 'right') return undefined;
    if (guard === 'proof') return { answer: '403' };
    const attemptsLeft = ATTEMPTS - now.attempts - 1;
    const failed = { action: 'attempt_failed', at: t, extra: { attemptsLeft } };
    const answer = `403 ${attemptsLeft}`;
    if (attemptsLeft > 0) {
      return { answer, effect: { standing: { ...now, attempts: now.attempts + 1 }, transitions: [failed] } };
    }
    const until = t + LOCK_MS;
    const standing = { ...now, attempts: 0, lockedUntil: until };
    return {
      answer,
      effect: { standing, transitions: [failed, { action: 'locked', at: t, extra: { until } }] },
    };
  }

  private retry(now: Standing, t: number, step: { does: string; offer: Offer }, claim: number): Reaction {
    const { guard } = this.plan;
    const offer = this.offered(step);
    // A passphrase is not even computed for a secret that is locked for others.
    if (guard === 'passphrase' && offer !== 'none' && !now.end && now.lockedUntil > t)
      return { answer: `423 ${now.lockedUntil}` };
    if (guard !== 'none' && offer === 'none') return { answer: this.required() };
    if (guard !== 'none' && offer === 'wrong') return { answer: '403' };
    const [answer, leaseEnd] = [`200 ${now.viewsLeft}`, this.leaseOf(now, claim, t) ?? 0];
    return {
      answer,
      leaseEnd,
      effect: { standing: now, transitions: [{ action: 'view_retried', at: t, extra: {} }] },
    };
  }

  private viewed(now: Standing, t: number, claim: number | undefined): Reaction {
    const viewsLeft = now.viewsLeft - 1;
    const leases = new Map(now.leases);
    const lease = { ends: t + LEASE_MS, withSecret: viewsLeft > 0 };
    if (claim !== undefined) leases.set(claim, lease);
    const leaseEnd = this.endOf(lease);
    const end = viewsLeft === 0 ? { how: 'viewed' as const, at: t } : undefined;
    const standing = { viewsLeft, attempts: 0, lockedUntil: 0, leases, end };
    return {
      answer: `200 ${viewsLeft}`,
      ...(claim !== undefined && { leaseEnd }),
      effect: { standing, transitions: [{ action: 'viewed', at: t, extra: { viewsLeft } }] },
    };
  }

  private acknowledge(now: Standing, claim: number, t: number): Reaction {
    const leases = new Map(now.leases);
    leases.delete(claim);
    const purged = now.viewsLeft === 0 && this.lastOf(leases) <= t;
    const transitions = [{ action: 'acknowledged', at: t, extra: { purged } }];
    return { answer: '204', effect: { standing: { ...now, leases }, transitions } };
  }

  private burned(now: Standing, t: number, by: 'sender' | 'reader'): Reaction {
    const standing = { ...now, end: { how: 'burned' as const, at: t } };
    return { answer: '204', effect: { standing, transitions: [{ action: 'burned', at: t, extra: { by } }] } };
  }

  /** @returns when the lease of a claim ends; undefined when none runs */
  private leaseOf({ end, leases }: Standing, claim: number, t: number): number | undefined {
    const lease = end && end.how !== 'viewed' ? undefined : leases.get(claim);
    const ends = lease ? this.endOf(lease) : 0;
    return ends > t ? ends : undefined;
  }

  private lastOf(leases: ReadonlyMap<number, Lease>): number {
    return Math.max(0, ...[...leases.values()].map((lease) => this.endOf(lease)));
  }

  private endOf({ ends, withSecret }: Lease): number {
    return withSecret ? Math.min(ends, this.expiresAt) : ends;
  }
}
