import { setTimeout as delay } from 'node:timers/promises';

import type { SeededRandom } from './seeded-random.js';
import { HttpLine, httpRequest, type Outcome } from './http-line.js';
import { AGENT, type Life, type Try } from './life-log.js';
import { newCredentials, planLife, type Step } from './life-plan.js';

const PATIENCE_MS = 180_000;
const PAUSE_MS = { least: 50, most: 200 };
const API = '/api/v1';

function parse(text: string): Readonly<Record<string, unknown>> {
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** What a created secret is called. */
interface Address {
  readonly id: string;
  readonly receiptToken: string;
}

function requestFor(
  step: Step,
  { id, receiptToken }: Address,
  { plan, credentials }: Life,
  agent: string,
): string {
  const secret = `${API}/secrets/${id}`;
  const offered = 'offer' in step && step.offer !== 'none' ? credentials[step.offer] : {};
  switch (step.does) {
    case 'claim': {
      const json = { ...offered, claim: credentials.claim(step.claim) };
      return httpRequest('POST', `${secret}/reveal`, agent, { json });
    }
    case 'fetch': {
      const { passphrase } = offered as { passphrase?: string };
      const headers = passphrase === undefined ? {} : { 'X-Passphrase': passphrase };
      return httpRequest('GET', secret, agent, { headers });
    }
    case 'acknowledge':
      return httpRequest('POST', `${secret}/acknowledge`, agent, {
        json: { claim: credentials.claim(step.claim) },
      });
    case 'burn':
      return httpRequest('DELETE', secret, agent, plan.guard === 'none' ? {} : { json: offered });
    case 'burn by sender':
      return step.by === 'receipt'
        ? httpRequest('DELETE', `${API}/receipts/${receiptToken}`, agent)
        : httpRequest('DELETE', secret, agent, { headers: { 'X-Receipt-Token': receiptToken } });
    case 'look':
      return httpRequest('GET', `${secret}/status`, agent);
    case 'read the receipt':
      return httpRequest('GET', `${API}/receipts/${receiptToken}`, agent);
  }
}

function creationOf({ plan, credentials }: Life, agent: string): string {
  const { content, maxViews, ttlSeconds, guard } = plan;
  const { proofHash } = credentials;
  const json = {
    content,
    maxViews,
    ttlSeconds,
    ...(guard === 'passphrase' && credentials.right),
    ...(proofHash !== undefined && { sealed: true, proofHash, passphraseRequired: guard === 'counted' }),
  };
  return httpRequest('POST', `${API}/secrets`, agent, { json });
}

/** Clients that live whole lives of secrets, on any app that answers, and remember every request. */
export class Load {
  readonly lives: Life[] = [];
  readonly tries: Try[] = [];
  /** Operations whose outcome a client knows in the end. */
  answered = 0;
  private readonly idle: HttpLine[] = [];

  constructor(
    private readonly ports: readonly number[],
    private readonly random: SeededRandom,
    private readonly goal: number,
  ) {}

  /** Resolves when the goal is reached and every life that was begun is over. */
  async run(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.client()));
    for (const line of this.idle) line.close();
  }

  private async client(): Promise<void> {
    while (this.answered < this.goal) await this.live();
  }

  private async live(): Promise<void> {
    const n = this.lives.length;
    const plan = planLife(n, this.random.branch(n));
    const life: Life = { n, plan, credentials: newCredentials(plan.guard), ref: undefined, tries: [] };
    this.lives.push(life);
    const lines = plan.actors.map(() => this.idle.pop() ?? new HttpLine());
    try {
      const [first = new HttpLine()] = lines;
      const created = await this.insist(first, life, { does: 'create' }, (agent) => creationOf(life, agent));
      if (created.status !== 201) return;
      life.ref = String(created.body['ref']);
      const address = { id: String(created.body['id']), receiptToken: String(created.body['receiptToken']) };
      await Promise.all(
        plan.actors.map(async (steps, actor) => {
          const line = lines[actor] ?? first;
          for (const step of steps)
            await this.insist(line, life, step, (agent) => requestFor(step, address, life, agent));
        }),
      );
    } finally {
      this.idle.push(...lines);
    }
  }

  /** As a client does it: what was not answered is tried again, on another app. Each time counts as a try of its own. */
  private async insist(
    line: HttpLine,
    life: Life,
    step: Try['step'],
    request: (agent: string) => string,
  ): Promise<Try> {
    const since = Date.now();
    for (;;) {
      const one = await this.once(line, life, step, request);
      if (one.status > 0 && one.status !== 503) {
        this.answered += 1;
        return one;
      }
      if (Date.now() - since > PATIENCE_MS) throw new Error(`no app answered for ${PATIENCE_MS} ms`);
      await delay(PAUSE_MS.least + Math.random() * (PAUSE_MS.most - PAUSE_MS.least));
    }
  }

  private async once(
    line: HttpLine,
    life: Life,
    step: Try['step'],
    request: (agent: string) => string,
  ): Promise<Try> {
    const n = this.tries.length;
    const sentAt = Date.now();
    const place = { n, step, life, sentAt };
    // The place in the list is taken before the answer is there.
    this.tries.push({ ...place, doneAt: Number.POSITIVE_INFINITY, status: 0, body: {} });
    const port = this.ports[n % this.ports.length] ?? 0;
    const outcome: Outcome = await line.send(port, request(`${AGENT}${n}`));
    const answered = outcome.kind === 'answer';
    const status = answered ? outcome.status : outcome.kind === 'lost' ? 0 : -1;
    const one: Try = { ...place, doneAt: Date.now(), status, body: answered ? parse(outcome.text) : {} };
    this.tries[n] = one;
    life.tries.push(one);
    return one;
  }
}
