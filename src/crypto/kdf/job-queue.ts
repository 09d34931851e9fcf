import { KdfBusyError } from '../crypto.errors.js';

interface Waiting {
  readonly start: () => void;
  readonly refuse: (error: KdfBusyError) => void;
}

/**
 * Runs at most `concurrency` jobs at once, of one client at most half of them, and keeps at most `queue`
 * waiting. Clients take turns, each one's jobs in order; when the queue is full, a client with few jobs
 * replaces one of the client that has most. So a client that sends many delays only itself.
 */
export class JobQueue {
  private running = 0;
  private waiting = 0;
  /** Of one client, at once. */
  private readonly share: number;
  private readonly runningOf = new Map<string, number>();
  /** By client; the first one is next. None is empty. */
  private readonly lines = new Map<string, Waiting[]>();

  constructor(
    private readonly concurrency: number,
    private readonly queue: number,
  ) {
    this.share = Math.ceil(concurrency / 2);
  }

  /**
   * @param client for which the job counts; '': unknown, and without a share
   * @throws KdfBusyError when the queue has no place for this client, or loses it
   */
  async run<T>(job: () => Promise<T>, client = ''): Promise<T> {
    if (this.running < this.concurrency && this.mayRun(client)) this.begin(client);
    else await this.turn(client);
    try {
      return await job();
    } finally {
      this.end(client);
    }
  }

  private mayRun(client: string): boolean {
    return client === '' || (this.runningOf.get(client) ?? 0) < this.share;
  }

  private begin(client: string): void {
    this.running++;
    this.runningOf.set(client, (this.runningOf.get(client) ?? 0) + 1);
  }

  /** The slot is handed over before the waiting job continues: otherwise a new job could take it. */
  private end(client: string): void {
    this.running--;
    const left = (this.runningOf.get(client) ?? 1) - 1;
    if (left === 0) this.runningOf.delete(client);
    else this.runningOf.set(client, left);
    this.startNext();
  }

  private turn(client: string): Promise<void> {
    if (this.waiting >= this.queue) this.makeRoomFor(this.lines.get(client)?.length ?? 0);
    return new Promise((start, refuse) => {
      const line = this.lines.get(client);
      if (line) line.push({ start, refuse });
      else this.lines.set(client, [{ start, refuse }]);
      this.waiting++;
    });
  }

  /**
   * @param held waiting jobs of the client that adds one @throws KdfBusyError unless another has at least two
   * more
   */
  private makeRoomFor(held: number): void {
    let longest: Waiting[] = [];
    for (const line of this.lines.values()) if (line.length > longest.length) longest = line;
    if (longest.length < held + 2) throw new KdfBusyError();
    longest.pop()?.refuse(new KdfBusyError());
    this.waiting--;
  }

  private startNext(): void {
    for (const [client, line] of this.lines) {
      if (!this.mayRun(client)) continue;
      const job = line.shift();
      this.waiting--;
      // Behind the others, with the rest of its jobs.
      this.lines.delete(client);
      if (line.length > 0) this.lines.set(client, line);
      this.begin(client);
      job?.start();
      return;
    }
  }
}
