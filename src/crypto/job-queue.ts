import { KdfBusyError } from './crypto.errors.js';

interface Waiting {
  readonly start: () => void;
  readonly refuse: (error: KdfBusyError) => void;
}

/**
 * Runs at most `concurrency` jobs at once and keeps at most `queue` waiting. Clients take turns, each one's jobs in the order
 * in which they came; when every place is taken, a client with few gets one of the client that has most. So whoever sends
 * many waits, and is refused, by itself.
 */
export class JobQueue {
  private running = 0;
  private waiting = 0;
  /** By client; the next turn is the first one's. None is empty. */
  private readonly lines = new Map<string, Waiting[]>();

  constructor(
    private readonly concurrency: number,
    private readonly queue: number,
  ) {}

  /** @param client whom the place is counted for @throws KdfBusyError when there is no place for this client, or none any more */
  async run<T>(job: () => Promise<T>, client = ''): Promise<T> {
    if (this.running < this.concurrency) this.running++;
    else await this.turn(client);
    try {
      return await job();
    } finally {
      // The place is handed over, not freed: otherwise a newcomer could slip in before the one that was woken.
      const next = this.next();
      if (next) next.start();
      else this.running--;
    }
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

  /** @param held places of the client that wants one more @throws KdfBusyError unless another has at least two more */
  private makeRoomFor(held: number): void {
    let longest: Waiting[] = [];
    for (const line of this.lines.values()) if (line.length > longest.length) longest = line;
    if (longest.length < held + 2) throw new KdfBusyError();
    longest.pop()?.refuse(new KdfBusyError());
    this.waiting--;
  }

  private next(): Waiting | undefined {
    const [first] = this.lines;
    if (!first) return undefined;
    const [client, line] = first;
    const job = line.shift();
    this.waiting--;
    // Behind the others, with what it has left.
    this.lines.delete(client);
    if (line.length > 0) this.lines.set(client, line);
    return job;
  }
}
