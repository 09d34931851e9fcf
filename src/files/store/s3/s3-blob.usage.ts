import type { Clock } from '../../../common/clock.js';

const FRESH_MS = 60_000;
const STALE_MS = 600_000;

/**
 * The bytes of all blobs, without listing all of them at each call. Changes of this process count at once,
 * those of others with the next sum: after a minute a sum runs in the background, after ten minutes before
 * the answer.
 */
export class S3BlobUsage {
  private summed: { readonly bytes: number; readonly at: number } | undefined;
  /** Changes of this process since the last sum began. */
  private changed = 0;
  /** Bytes that writers hold in memory, which no sum includes yet. */
  private held = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly sum: () => Promise<number>,
    private readonly clock: Clock,
  ) {}

  /** Called with every change, in bytes: of the stored bytes, and of those that a writer holds in memory. */
  change(stored: number, held = 0): void {
    this.changed += stored;
    this.held += held;
  }

  /** @returns how long ago the last sum was begun, in milliseconds; undefined before the first */
  get age(): number | undefined {
    return this.summed && this.clock.now() - this.summed.at;
  }

  /** @throws errors of the sum, when the last one is older than ten minutes */
  async bytes(): Promise<number> {
    const { age } = this;
    if (age === undefined || age > STALE_MS) await this.refresh();
    // A failure is ignored: the age grows, and in the end a call waits for its own sum.
    else if (age > FRESH_MS) this.refresh().catch(() => undefined);
    return Math.max(0, (this.summed?.bytes ?? 0) + this.changed + this.held);
  }

  private refresh(): Promise<void> {
    this.running ??= this.takeSum().finally(() => (this.running = undefined));
    return this.running;
  }

  private async takeSum(): Promise<void> {
    const at = this.clock.now();
    const before = this.changed;
    const bytes = await this.sum();
    // A change during the sum may be included or not: it counts twice until the next one, and is never left
    // out.
    this.changed -= before;
    this.summed = { bytes, at };
  }
}
