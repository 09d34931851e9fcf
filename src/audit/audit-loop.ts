import { setTimeout as delay } from 'node:timers/promises';

import { ProblemError } from '../common/problem.js';
import type { Tracing } from '../common/tracing.port.js';
import { DatabaseAwayError, type Database } from '../database/database.port.js';
import { emptyHead, signHead } from './audit-chain.js';
import { signingKey, type AuditKeys, type KeyLookup } from './audit-keys.js';
import type { AuditSubscriber } from './audit-subscriber.js';
import type { AuditReport, TrailState } from './audit-report.js';
import { ExpiryReconciler } from './expiry-reconciler.js';
import type { Outbox, OutboxState } from './outbox.port.js';
import { relayShare } from './pacing.js';
import type { RedisReconciler } from './position/redis-reconciler.js';
import { RedisBehindError, Relay, TrailBrokenError } from './relay.js';
import { Retention } from './retention.js';
import { countSetAside } from './set-aside.repository.js';
import { addMissingHeads, trailId } from './trail.repository.js';

const BUCKETS = Array.from({ length: 16 }, (_, bucket) => bucket);
const POLL_MS = 250;
/**
 * Milliseconds between rounds: a round costs as much for few events as for many, and every replica makes
 * them.
 */
const GATHER_MS = 100;
const MANY = 1_000;
const RETRY_MS = 1_000;
const REPORT_MS = 1_000;
const EXPIRY_MS = 5_000;
const RETENTION_MS = 3_600_000;
/** Large batches cost least; small ones let the requests through where both share a core. */
const BATCH = { idle: 4_000, busy: 100 };
const NAP_MS = 200;
/** Longer than the gauge of the requests takes to react. */
const LOOK_MS = 75;
/** Share of the core below which the requests count as idle. */
const ALONE = 0.9;

type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void;

export interface AuditLoopOptions {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly keys: AuditKeys;
  /** Reconciles a Redis that has gone back in time with the trail; undefined: the operator does. */
  readonly reconciler?: ((lookup: KeyLookup) => Pick<RedisReconciler, 'run'>) | undefined;
  readonly subscribers: readonly AuditSubscriber[];
  readonly outboxMax: number;
  readonly retentionDays: number;
  /** Share of the shared core that the requests use, 0 to 1; undefined when each has its own. */
  readonly busy: (() => number) | undefined;
  readonly tracing?: Pick<Tracing, 'relayed'> | undefined;
  readonly report: (report: AuditReport) => void;
  readonly log: Log;
}

/** The database or Redis cannot be reached, which is temporary. */
function isAbsence(error: unknown): error is Error {
  return error instanceof DatabaseAwayError || error instanceof ProblemError;
}

interface Session {
  readonly lookup: KeyLookup;
  readonly relay: Relay;
  readonly expiry: ExpiryReconciler;
  readonly retention: Retention;
  /** Buckets whose chains were not compared yet: a restored database may be an older one. */
  readonly unseen: Set<number>;
}

/** Whether Redis has less of a chain than the database was seen to have. */
function saysLess(relay: Relay, state: OutboxState | undefined, bucket: number): boolean {
  return (state?.sequence ?? 0) < relay.sequenceOf(bucket);
}

/** Whether Redis may have gone back in time, which is checked even while requests need the core. */
function isSuspect({ relay }: Session, states: readonly OutboxState[]): boolean {
  return BUCKETS.some((bucket) => saysLess(relay, states[bucket], bucket));
}

/**
 * Keeps the trail: relays events, records expiries, removes old events and reports its state, until it is
 * stopped.
 */
export class AuditLoop {
  private readonly stopping = new AbortController();
  private session: Session | undefined;
  private trail: TrailState = 'away';
  private told: string | undefined;
  private waiting = { events: 0, oldestMs: 0 };
  private isResting = true;
  private relayed = 0;
  private expired = 0;
  private setAside = 0;
  private dueAt = { report: 0, expiry: 0, retention: 0 };
  private running: Promise<void> = Promise.resolve();
  private keys: AuditKeys;
  private isDoubted = false;
  private rekeyed: (() => void)[] = [];

  constructor(private readonly options: AuditLoopOptions) {
    this.keys = options.keys;
  }

  start(): void {
    this.running = this.run();
  }

  /** Uses other keys from the next round on. Resolves when that begins, or the loop has ended. */
  async useKeys(keys: AuditKeys): Promise<void> {
    this.keys = keys;
    await Promise.race([new Promise<void>((resolve) => this.rekeyed.push(resolve)), this.running]);
  }

  /** Checks every chain in the next round, also when no event waits. */
  lookAgain(): void {
    this.isDoubted = true;
  }

  /** Resolves when the current round is committed or rolled back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      let pause = POLL_MS;
      try {
        const moved = await this.turn();
        if (moved > 0) pause = moved < MANY ? GATHER_MS : 0;
      } catch (error) {
        this.note(error);
        pause = RETRY_MS;
      }
      this.tell(false);
      if (pause > 0) await this.sleep(pause);
    }
  }

  /** @returns how many events moved */
  private async turn(): Promise<number> {
    this.takeNewKeys();
    const states = await Promise.all(BUCKETS.map((bucket) => this.options.outbox.state(bucket)));
    this.measure(states);
    if (this.told !== undefined || this.session) this.tell(true);
    // Before the core is measured: a start on a busy core must learn, too, which database keeps the trail.
    this.session ??= await this.prepare();
    if (!this.session) return 0;
    // A long catch-up is not an outage.
    if (this.trail === 'away') this.recovered();
    const { session } = this;
    if (!isSuspect(session, states) && !(await this.mayWork())) return 0;
    const before = this.relayed;
    if (this.isDoubted) for (const bucket of BUCKETS) session.unseen.add(bucket);
    this.isDoubted = false;
    const failure = await this.drainAll(session, this.dueBuckets(session, states)).then(
      () => undefined,
      (error: unknown) => error,
    );
    // Expiries of a Redis that has gone back in time are not recorded.
    if (!isAbsence(failure) && !(failure instanceof RedisBehindError)) await this.upkeep(session);
    if (failure !== undefined) throw failure;
    this.recovered();
    return this.relayed - before;
  }

  /**
   * Buckets with events, buckets not compared yet, and buckets of which Redis has less than the database was
   * seen to have.
   */
  private dueBuckets({ relay, unseen }: Session, states: readonly OutboxState[]): number[] {
    return BUCKETS.filter(
      (bucket) =>
        (states[bucket]?.events ?? 0) > 0 || unseen.has(bucket) || saysLess(relay, states[bucket], bucket),
    );
  }

  private takeNewKeys(): void {
    if (this.rekeyed.length === 0) return;
    this.session = undefined;
    for (const resolve of this.rekeyed.splice(0)) resolve();
  }

  private async prepare(): Promise<Session | undefined> {
    const { database, outbox, retentionDays } = this.options;
    const { keys } = this;
    const ours = await trailId(database);
    if ((await outbox.bind(ours)) !== ours) {
      this.become('elsewhere', 'the audit trail of this Redis is kept by another database: set DATABASE_URL');
      return undefined;
    }
    await keys.ensureStored(database);
    const signing = signingKey(keys.signing);
    await addMissingHeads(
      database,
      BUCKETS.map((bucket) => signHead(emptyHead(bucket), signing)),
    );
    const lookup = await keys.lookup(database);
    return {
      lookup,
      relay: new Relay(
        database,
        outbox,
        { signing, lookup },
        (bucket, { streamId, reason }) => {
          this.setAside += 1;
          this.options.log('error', 'an audit event was set aside, since the database refuses it', {
            bucket,
            streamId,
            reason,
          });
        },
        this.options.subscribers,
      ),
      expiry: new ExpiryReconciler(database, outbox),
      retention: new Retention(database, signing, retentionDays),
      unseen: new Set(BUCKETS),
    };
  }

  /**
   * A server takes several buckets at once; PGlite one after the other, while the next one's events are
   * fetched.
   */
  private async drainAll(session: Session, buckets: readonly number[]): Promise<void> {
    const width = this.options.database.kind === 'postgres' ? 3 : 2;
    const queue = [...buckets];
    const broken: unknown[] = [];
    const lane = async (): Promise<void> => {
      for (let bucket = queue.shift(); bucket !== undefined; bucket = queue.shift()) {
        if (this.stopping.signal.aborted) return;
        await this.drainOne(session, bucket).catch((error: unknown) => {
          if (isAbsence(error)) throw error;
          // The other chains are intact: their events do not wait until this one is repaired.
          broken.push(error);
        });
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: width }, lane));
    const failed = lanes.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    const behind = broken.filter((error) => error instanceof RedisBehindError);
    if (behind.length > 0) await this.fellBehind(session, behind);
    if (broken.length > 0) throw behind[0] ?? broken[0];
  }

  /** Reports it at once, and reconciles when the settings allow it; the next round shows the result. */
  private async fellBehind(session: Session, behind: readonly RedisBehindError[]): Promise<void> {
    const buckets = behind.map(({ bucket }) => bucket);
    const reason = behind[0]?.message;
    for (const bucket of buckets) session.unseen.add(bucket);
    this.become('behind', 'Redis has less of the audit trail than the database', { buckets, reason });
    // The main thread closes the store as soon as this report arrives.
    this.tell(false);
    const { reconciler } = this.options;
    if (!reconciler) return;
    this.options.log('warn', 'Redis is being reconciled with the audit trail', { buckets });
    const done = await reconciler(session.lookup).run(buckets);
    this.options.log('warn', 'Redis was reconciled with the audit trail', { ...done });
  }

  private async drainOne({ relay, unseen }: Session, bucket: number): Promise<void> {
    const paced = this.share() < ALONE;
    const started = performance.now();
    const moved = await relay.drain(bucket, paced ? BATCH.busy : BATCH.idle);
    if (moved === undefined) return;
    unseen.delete(bucket);
    if (moved > 0) this.options.tracing?.relayed(bucket, moved, performance.timeOrigin + started);
    this.relayed += moved;
    this.waiting.events = Math.max(0, this.waiting.events - moved);
    if (this.waiting.events === 0) this.waiting.oldestMs = 0;
    this.tell(true);
    if (paced) await this.yieldCore(performance.now() - started);
  }

  private share(): number {
    return relayShare(this.options.busy?.() ?? 0, this.waiting.events / this.options.outboxMax);
  }

  /** The first events after a pause may be the first of many: the next round is short. */
  private async mayWork(): Promise<boolean> {
    if (this.options.busy && this.isResting && this.waiting.events > 0) await this.sleep(LOOK_MS);
    this.isResting = this.waiting.events === 0;
    return this.share() > 0;
  }

  /** Sleeps in proportion to the work done, while the requests need the core. */
  private async yieldCore(workedMs: number): Promise<void> {
    let slept = 0;
    for (let share = this.share(); share < ALONE; share = this.share()) {
      const owed = share === 0 ? NAP_MS : workedMs / share - workedMs - slept;
      if (owed <= 0 || this.stopping.signal.aborted) return;
      const nap = Math.min(owed, NAP_MS);
      await this.sleep(nap);
      slept += nap;
      this.tell(true);
    }
  }

  private async upkeep({ expiry, retention }: Session): Promise<void> {
    const now = performance.now();
    if (now >= this.dueAt.expiry) {
      this.expired += await expiry.round();
      this.setAside = await countSetAside(this.options.database);
      this.dueAt.expiry = now + EXPIRY_MS;
    }
    if (now >= this.dueAt.retention) {
      const forgotten = await retention.round(Date.now());
      if (forgotten > 0)
        this.options.log('info', 'audit events past AUDIT_RETENTION_DAYS were removed', { forgotten });
      else this.dueAt.retention = now + RETENTION_MS;
    }
  }

  private measure(states: readonly OutboxState[]): void {
    const ages = states.map(({ oldestAt, now }) =>
      oldestAt === undefined ? 0 : Math.max(0, now - oldestAt),
    );
    this.waiting = {
      events: states.reduce((sum, { events }) => sum + events, 0),
      oldestMs: Math.max(...ages),
    };
  }

  private note(error: unknown): void {
    // After an outage it may be another database: everything about it is read again.
    if (!(error instanceof TrailBrokenError) && !(error instanceof RedisBehindError))
      this.session = undefined;
    if (isAbsence(error))
      return this.become('away', 'the audit trail waits in Redis', { reason: error.message });
    // It was logged where it was found.
    if (error instanceof RedisBehindError) return;
    if (error instanceof TrailBrokenError) return this.become('broken', error.message);
    this.become('broken', 'the audit relay failed and tries again', { reason: String(error) });
  }

  /** Logs each failure once, not at every try. */
  private become(trail: TrailState, message: string, fields?: Record<string, unknown>): void {
    this.trail = trail;
    if (this.told === message) return;
    this.told = message;
    this.options.log(trail === 'broken' || trail === 'behind' ? 'error' : 'warn', message, fields);
  }

  private recovered(): void {
    this.trail = 'ok';
    if (this.told !== undefined) this.options.log('info', 'the audit trail is kept again');
    this.told = undefined;
  }

  private tell(onlyWhenDue: boolean): void {
    const now = performance.now();
    if (onlyWhenDue && now < this.dueAt.report) return;
    this.dueAt.report = now + REPORT_MS;
    const { trail, relayed, expired, setAside } = this;
    this.options.report({ trail, ...this.waiting, relayed, expired, setAside });
  }

  private async sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch((error: unknown) => {
      if (!this.stopping.signal.aborted) throw error;
    });
  }
}
