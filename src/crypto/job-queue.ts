import { KdfBusyError } from './crypto.errors.js';

/** Runs at most `concurrency` jobs at once and keeps at most `queue` waiting, first come first served. */
export class JobQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly concurrency: number,
    private readonly queue: number,
  ) {}

  /** @throws KdfBusyError at once when every place is taken */
  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.running < this.concurrency) this.running++;
    else await this.turn();
    try {
      return await job();
    } finally {
      // The place is handed over, not freed: otherwise a newcomer could slip in before the one that was woken.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= this.queue) throw new KdfBusyError();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
