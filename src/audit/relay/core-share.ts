import type { AuditProgress } from './audit-progress.js';
import { relayShare } from './pacing.js';

const NAP_MS = 200;
/** Longer than the gauge of the requests takes to react. */
const LOOK_MS = 75;
/** Share of the core below which the requests count as idle. */
const ALONE = 0.9;

export interface CoreShareOptions {
  /** Share of the shared core that the requests use, 0 to 1; undefined when each has its own. */
  readonly busy: (() => number) | undefined;
  /** AUDIT_OUTBOX_MAX, in events. */
  readonly outboxMax: number;
  /** Resolves after the given ms, or when the loop is stopped. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly isStopped: () => boolean;
}

/** Leaves the core to the requests while they need it, as `relayShare` divides it. */
export class CoreShare {
  private isResting = true;

  constructor(
    private readonly options: CoreShareOptions,
    private readonly progress: AuditProgress,
  ) {}

  /** Whether the requests need the core. */
  get isShared(): boolean {
    return this.share() < ALONE;
  }

  /** The first events after a pause may be the first of many: the next round is short. */
  async mayWork(): Promise<boolean> {
    const { busy, sleep } = this.options;
    if (busy && this.isResting && this.progress.waitingEvents > 0) await sleep(LOOK_MS);
    this.isResting = this.progress.waitingEvents === 0;
    return this.share() > 0;
  }

  /** Sleeps in proportion to the work done, while the requests need the core. */
  async yieldCore(workedMs: number): Promise<void> {
    let slept = 0;
    for (let share = this.share(); share < ALONE; share = this.share()) {
      const owed = share === 0 ? NAP_MS : workedMs / share - workedMs - slept;
      if (owed <= 0 || this.options.isStopped()) return;
      const nap = Math.min(owed, NAP_MS);
      await this.options.sleep(nap);
      slept += nap;
      this.progress.report(true);
    }
  }

  private share(): number {
    const { busy, outboxMax } = this.options;
    return relayShare(busy?.() ?? 0, this.progress.waitingEvents / outboxMax);
  }
}
