import type { Clock } from '../../common/clock.js';

const FRESH_MS = 60_000;
const STALE_MS = 600_000;

/**
 * The bytes of all blobs, without asking for all of them at each look. What this process changes counts at once, what
 * others change with the next sum: after a minute one is made beside the answer, after ten minutes before it.
 */
export class S3BlobUsage {
  private summed: { readonly bytes: number; readonly at: number } | undefined;
  /** What changed here since the last sum began. */
  private changed = 0;
  /** What writers have in memory: in no sum yet. */
  private held = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly sum: () => Promise<number>,
    private readonly clock: Clock,
  ) {}

  /** Told of every change, in bytes: of what is stored, and of what a writer holds in memory. */
  change(stored: number, held = 0): void {
    this.changed += stored;
    this.held += held;
  }

  /** @returns how long ago the last sum was begun, in milliseconds; undefined before the first */
  get age(): number | undefined {
    return this.summed && this.clock.now() - this.summed.at;
  }

  /** @throws whatever the sum throws, when there is none of the last ten minutes */
  async bytes(): Promise<number> {
    const { age } = this;
    if (age === undefined || age > STALE_MS) await this.refresh();
    // A failure is no news: the age goes on, and in the end a look waits for a sum of its own.
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
    // What changed meanwhile may be in the sum or not: counted twice until the next one, never left out.
    this.changed -= before;
    this.summed = { bytes, at };
  }
}
