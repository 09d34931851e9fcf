/**
 * The download has ended: its secret was burnt or acknowledged, its lease has ended, or it stalled too long.
 */
export class LeaseEndedError extends Error {
  override name = 'LeaseEndedError';
}

export interface DownloadLeaseOptions {
  /** FILE_LEASE_SECONDS, in ms. */
  readonly leaseMs: number;
  /** End of the lease (ms since the epoch), as returned by the claim. */
  readonly endsAt: number;
  /** @returns the new end; undefined when the lease has ended */
  readonly renew: () => Promise<number | undefined>;
  /** Called once, from the timer or from a renewal. */
  readonly onEnd: (reason: LeaseEndedError) => void;
  /** A renewal failed: the download continues, and tries again at the next progress that is due. */
  readonly onTrouble: (error: unknown) => void;
}

/** However far our clock and Redis' differ, not every piece renews. */
const RENEWALS_MAX = 30;
const RENEWALS = 3;

/**
 * Renews the lease of one download while bytes are sent, and ends the download with it. A connection without
 * progress for FILE_LEASE_SECONDS is cut; the lease itself may run on, since the store also counts the time
 * that the payload needs at DOWNLOAD_MIN_RATE, and the client's own renewals.
 */
export class DownloadLease {
  private readonly stalled: NodeJS.Timeout;
  private dueAt: number;
  private renewing = false;
  private over = false;

  constructor(private readonly options: DownloadLeaseOptions) {
    this.dueAt = this.nextDue(options.endsAt);
    this.stalled = setTimeout(() => this.end(), options.leaseMs).unref();
  }

  /** The client received a piece. */
  progressed(): void {
    if (this.over) return;
    this.stalled.refresh();
    if (this.renewing || performance.now() < this.dueAt) return;
    this.renewing = true;
    void this.renew().finally(() => (this.renewing = false));
  }

  /** The download has ended, in any way. */
  stop(): void {
    this.over = true;
    clearTimeout(this.stalled);
  }

  private async renew(): Promise<void> {
    const { renew, onTrouble, leaseMs } = this.options;
    try {
      const endsAt = await renew();
      if (endsAt === undefined) this.end();
      else this.dueAt = this.nextDue(endsAt);
    } catch (error) {
      this.dueAt = performance.now() + leaseMs / RENEWALS_MAX;
      if (!this.over) onTrouble(error);
    }
  }

  /** A third of the lease from now; sooner when FILE_LEASE_MAX comes first, to end with it. */
  private nextDue(endsAt: number): number {
    const { leaseMs } = this.options;
    const pause = Math.min(leaseMs / RENEWALS, Math.max(leaseMs / RENEWALS_MAX, endsAt - Date.now()));
    return performance.now() + pause;
  }

  private end(): void {
    if (this.over) return;
    this.stop();
    this.options.onEnd(new LeaseEndedError('the lease has ended'));
  }
}
