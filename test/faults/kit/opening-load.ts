import { setTimeout as delay } from 'node:timers/promises';

import { newClaim, type Answer, type Client } from '../../int/kit/client.js';

const PAUSE_MS = 100;
const PATIENCE_MS = 90_000;
/** Every third one is left for later, to see that it is still there. */
const KEPT = 3;

/** A secret that was promised (201), and the clients that its content was shown to. */
export interface Watched {
  readonly id: string;
  readonly content: string;
  /** Claims under which it was opened; more than one is the end of the promise. */
  readonly shownTo: Set<string>;
}

/** Makes secrets and opens them, two readers each, until it is told to stop; remembers every answer. */
export class OpeningLoad {
  readonly opened: Watched[] = [];
  readonly kept: Watched[] = [];
  readonly statuses = new Map<number, number>();
  /** Answers for which the replicas were too slow or away; not among the statuses. */
  withheld = 0;
  private isRunning = true;
  private readonly workers: Promise<void>[];

  constructor(
    private readonly clients: readonly Client[],
    workers: number,
  ) {
    this.workers = Array.from({ length: workers }, (_, n) => this.work(n));
  }

  /** Resolves when `more` further secrets were opened: the load runs again, or still. */
  async progress(more: number): Promise<void> {
    const goal = this.opened.length + more;
    for (const since = Date.now(); this.opened.length < goal; await delay(PAUSE_MS)) {
      if (Date.now() - since < PATIENCE_MS) continue;
      this.isRunning = false;
      throw new Error(`no progress: ${JSON.stringify([...this.statuses])}`);
    }
  }

  /** Ends when every reader knows; then opens what was kept. */
  async end(): Promise<void> {
    this.isRunning = false;
    await Promise.all(this.workers);
    await Promise.all(this.kept.map((secret, n) => this.read(this.clientOf(n), secret, newClaim())));
  }

  /** Opens a secret that another client watches. @returns the first answer that is not 503 */
  async read(client: Client, secret: Watched, claim: string): Promise<number> {
    for (const since = Date.now(); ; await delay(PAUSE_MS)) {
      const answer = await client.reveal(secret.id, { claim });
      this.count(answer);
      if (answer.status === 200) {
        if (answer.body.content !== secret.content) throw new Error('another content was shown');
        secret.shownTo.add(claim);
      }
      if (answer.status !== 503 || Date.now() - since > PATIENCE_MS) return answer.status;
    }
  }

  private async work(n: number): Promise<void> {
    for (let turn = 0; this.isRunning; turn += 1) {
      const content = `secret ${n}.${turn}`;
      const answer = await this.clientOf(n + turn).tryCreate({ content });
      this.count(answer);
      if (answer.status === 503) await delay(PAUSE_MS);
      if (answer.status !== 201) continue;
      const secret = { id: String(answer.body.id), content, shownTo: new Set<string>() };
      if (turn % KEPT === 0) {
        this.kept.push(secret);
        continue;
      }
      const readers = [this.clientOf(n), this.clientOf(n + 1)];
      await Promise.all(readers.map((client) => this.read(client, secret, newClaim())));
      this.opened.push(secret);
    }
  }

  private clientOf(n: number): Client {
    return this.clients[n % this.clients.length] as Client;
  }

  private count({ status, body }: Answer): void {
    if (status === 503 && String(body.detail).startsWith('Too few replicas')) this.withheld += 1;
    else this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }
}
