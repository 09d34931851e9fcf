import { setTimeout as delay } from 'node:timers/promises';

import type { AuditKeys } from '../chain/audit-keys.js';
import { AuditProgress, type AuditLog } from './audit-progress.js';
import type { AuditReport } from './audit-report.js';
import { AuditUpkeep } from '../retention/audit-upkeep.js';
import { BucketDrain, type BucketDrainOptions } from './bucket-drain.js';
import { CoreShare, type CoreShareOptions } from './core-share.js';
import {
  BUCKETS,
  dueBuckets,
  isAbsence,
  isSuspect,
  openRelaySession,
  type RelaySession,
  type RelaySessionOptions,
} from './relay-session.js';
import { RedisBehindError, TrailBrokenError } from './relay.js';

const POLL_MS = 250;
/**
 * Milliseconds between rounds: a round costs as much for few events as for many, and every replica makes
 * them.
 */
const GATHER_MS = 100;
const MANY = 1_000;
const RETRY_MS = 1_000;

export interface AuditLoopOptions
  extends
    RelaySessionOptions,
    Pick<CoreShareOptions, 'busy' | 'outboxMax'>,
    Pick<BucketDrainOptions, 'reconciler' | 'tracing'> {
  readonly keys: AuditKeys;
  readonly report: (report: AuditReport) => void;
  readonly log: AuditLog;
}

/**
 * Keeps the trail: relays events, records expiries, removes old events and reports its state, until it is
 * stopped.
 */
export class AuditLoop {
  private readonly stopping = new AbortController();
  private readonly progress: AuditProgress;
  private readonly core: CoreShare;
  private readonly drain: BucketDrain;
  private readonly upkeep: AuditUpkeep;
  private session: RelaySession | undefined;
  private running: Promise<void> = Promise.resolve();
  private keys: AuditKeys;
  private isDoubted = false;
  private rekeyed: (() => void)[] = [];

  constructor(private readonly options: AuditLoopOptions) {
    const { busy, outboxMax, reconciler, tracing, database } = options;
    const isStopped = () => this.stopping.signal.aborted;
    this.keys = options.keys;
    this.progress = new AuditProgress(options.report, options.log);
    this.core = new CoreShare({ busy, outboxMax, isStopped, sleep: (ms) => this.sleep(ms) }, this.progress);
    this.upkeep = new AuditUpkeep(database, this.progress);
    // A server takes several buckets at once; PGlite one, while the events of the next are fetched.
    const width = database.kind === 'postgres' ? 3 : 2;
    this.drain = new BucketDrain({ width, reconciler, tracing, isStopped }, this.core, this.progress);
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
        const moved = await this.round();
        if (moved > 0) pause = moved < MANY ? GATHER_MS : 0;
      } catch (error) {
        this.note(error);
        pause = RETRY_MS;
      }
      this.progress.report(false);
      if (pause > 0) await this.sleep(pause);
    }
  }

  /** @returns how many events moved */
  private async round(): Promise<number> {
    const { progress } = this;
    this.takeNewKeys();
    const states = await Promise.all(BUCKETS.map((bucket) => this.options.outbox.state(bucket)));
    progress.measure(states);
    if (progress.hasFailed || this.session) progress.report(true);
    // Before the core is measured: a start on a busy core must learn, too, which database keeps the trail.
    this.session ??= await openRelaySession(this.options, this.keys, progress);
    if (!this.session) return 0;
    // A long catch-up is not an outage.
    if (progress.trail === 'away') progress.recovered();
    const { session } = this;
    if (!isSuspect(session, states) && !(await this.core.mayWork())) return 0;
    const before = progress.relayed;
    if (this.isDoubted) for (const bucket of BUCKETS) session.unseen.add(bucket);
    this.isDoubted = false;
    const failure = await this.drain.run(session, dueBuckets(session, states)).then(
      () => undefined,
      (error: unknown) => error,
    );
    // Expiries of a Redis that has gone back in time are not recorded.
    if (!isAbsence(failure) && !(failure instanceof RedisBehindError)) await this.upkeep.run(session, states);
    if (failure !== undefined) throw failure;
    progress.recovered();
    return progress.relayed - before;
  }

  private takeNewKeys(): void {
    if (this.rekeyed.length === 0) return;
    this.session = undefined;
    for (const resolve of this.rekeyed.splice(0)) resolve();
  }

  private note(error: unknown): void {
    const { progress } = this;
    // It was logged where it was found.
    if (error instanceof RedisBehindError) return;
    if (error instanceof TrailBrokenError) return progress.become('broken', error.message);
    // After an outage it may be another database: everything about it is read again.
    this.session = undefined;
    if (isAbsence(error))
      return progress.become('away', 'the audit trail waits in Redis', { reason: error.message });
    progress.become('broken', 'the audit relay failed and tries again', { reason: String(error) });
  }

  private async sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch((error: unknown) => {
      if (!this.stopping.signal.aborted) throw error;
    });
  }
}
