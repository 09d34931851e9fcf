import type { Tracing } from '../../platform/tracing/tracing.port.js';
import type { KeyLookup } from '../chain/audit-keys.js';
import type { AuditProgress } from './audit-progress.js';
import type { CoreShare } from './core-share.js';
import type { RedisReconciler } from '../position/redis-reconciler.js';
import { isAbsence, type RelaySession } from './relay-session.js';
import { RedisBehindError } from './relay.js';

/** Large batches cost least; small ones let the requests through where both share a core. */
const BATCH = { idle: 4_000, busy: 100 };

export interface BucketDrainOptions {
  /** Buckets that are drained at once. */
  readonly width: number;
  /** Reconciles a Redis that has gone back in time with the trail; undefined: the operator does. */
  readonly reconciler?: ((lookup: KeyLookup) => Pick<RedisReconciler, 'run'>) | undefined;
  readonly tracing?: Pick<Tracing, 'relayed'> | undefined;
  readonly isStopped: () => boolean;
}

/** Moves the events of several buckets, and handles a Redis that has gone back in time. */
export class BucketDrain {
  constructor(
    private readonly options: BucketDrainOptions,
    private readonly core: CoreShare,
    private readonly progress: AuditProgress,
  ) {}

  /**
   * Drains every bucket, also when the chain of another is broken.
   * @throws DatabaseAwayError, ProblemError, RedisBehindError, TrailBrokenError
   */
  async run(session: RelaySession, buckets: readonly number[]): Promise<void> {
    const queue = [...buckets];
    const broken: unknown[] = [];
    const lane = async (): Promise<void> => {
      for (let bucket = queue.shift(); bucket !== undefined; bucket = queue.shift()) {
        if (this.options.isStopped()) return;
        await this.drainOne(session, bucket).catch((error: unknown) => {
          if (isAbsence(error)) throw error;
          // The other chains are intact: their events do not wait until this one is repaired.
          broken.push(error);
        });
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: this.options.width }, lane));
    const failed = lanes.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    const behind = broken.filter((error) => error instanceof RedisBehindError);
    if (behind.length > 0) await this.fellBehind(session, behind);
    if (broken.length > 0) throw behind[0] ?? broken[0];
  }

  private async drainOne({ relay, unseen }: RelaySession, bucket: number): Promise<void> {
    const paced = this.core.isShared;
    const started = performance.now();
    const moved = await relay.drain(bucket, paced ? BATCH.busy : BATCH.idle);
    if (moved === undefined) return;
    unseen.delete(bucket);
    if (moved > 0) this.options.tracing?.relayed(bucket, moved, performance.timeOrigin + started);
    this.progress.moved(moved);
    if (paced) await this.core.yieldCore(performance.now() - started);
  }

  /** Reports it at once, and reconciles when the settings allow it; the next round shows the result. */
  private async fellBehind(session: RelaySession, behind: readonly RedisBehindError[]): Promise<void> {
    const { progress } = this;
    const buckets = behind.map(({ bucket }) => bucket);
    const reason = behind[0]?.message;
    for (const bucket of buckets) session.unseen.add(bucket);
    progress.foundBehind({ buckets, reason });
    const { reconciler } = this.options;
    if (!reconciler) return;
    progress.log('warn', 'Redis is being reconciled with the audit trail', { buckets });
    const done = await reconciler(session.lookup).run(buckets);
    progress.log('warn', 'Redis was reconciled with the audit trail', { ...done });
  }
}
