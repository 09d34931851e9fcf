import { isDeepStrictEqual } from 'node:util';

import { AGENT, isUnknown, type Try } from './life-log.js';
import { SecretModel, type Reaction, type Standing } from './secret-model.js';

/** Clients and Redis have one clock here, but cut it to ms at different moments. */
const SLACK_MS = 5;
/** A TTL counts from when it is set; until Redis 7.2 the clock of a script runs, on a busy machine noticeably. */
const LATE_MS = 1_000;
const MOST_VIOLATIONS = 15;

/** A row of the trail. Times are ms since the epoch. */
export interface Row {
  readonly bucket: number;
  readonly sequence: number;
  readonly streamId: string;
  readonly ref: string;
  readonly action: string;
  readonly at: number;
  readonly actor: string | null;
  readonly ipAddress: string | null;
  readonly agent: string | null;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** One for a secret that ended just in time, one for the latest end that is right. */
type Models = readonly [SecretModel, SecretModel];

/** A secret as its rows tell it: what it was between any two of them, and is after the last. */
export interface Lived {
  readonly models: Models;
  readonly rows: readonly Row[];
  readonly standings: readonly { readonly from: number; readonly standing: Standing }[];
  readonly last: Standing;
}

/** The answer that a client got, in the words of the model. */
function answerOf({ status, body, step }: Try): string {
  switch (status) {
    case 200:
      if (step.does === 'look') return `200 ${String(body['state'])} ${String(body['viewsLeft'])}`;
      return step.does === 'read the receipt' ? '200' : `200 ${String(body['viewsLeft'])}`;
    case 403:
      return body['attemptsLeft'] === undefined ? '403' : `403 ${String(body['attemptsLeft'])}`;
    case 410:
      return `410 ${String(body['reason'])} ${Date.parse(String(body['at']))}`;
    case 423:
      return `423 ${Date.parse(String(body['retryAt']))}`;
    default:
      return String(status);
  }
}

/** Holds every row against the request that made it, and every answer against the rows. */
export class HistoryChecker {
  readonly violations: string[] = [];
  readonly lived = new Map<string, Lived>();
  /** Requests without an answer that a row proves to have been heard. */
  heardUnanswered = 0;
  private readonly proved = new Set<number>();

  constructor(private readonly tries: readonly Try[]) {}

  /** @param rows of one secret, in the order of its chain */
  replay(rows: readonly Row[]): void {
    const [first] = rows;
    const creation = first && this.tryOf(first);
    if (!first || !creation || first.action !== 'created' || creation.step.does !== 'create')
      return this.accuse(first, 'a secret whose first row is not its creation');
    this.prove(creation, first);
    const { plan } = creation.life;
    const { guard, maxViews, ttlSeconds, content } = plan;
    const sealed = guard === 'proof' || guard === 'counted';
    const size = sealed ? Buffer.from(content, 'base64').length : content.length;
    const passphraseRequired = guard === 'counted' || guard === 'passphrase';
    const facts = { kind: 'text', size, sealed, passphraseRequired, maxViews, ttlSeconds };
    if (!isDeepStrictEqual(first.extra, facts))
      this.accuse(first, 'a creation with other facts than were sent');
    this.expect(first, creation, { answer: '201' });

    const models: Models = [new SecretModel(plan, first.at), new SecretModel(plan, first.at, LATE_MS)];
    const standings = [{ from: first.at, standing: models[0].first }];
    let standing = models[0].first;
    for (let at = 1; at < rows.length;) {
      const row = rows[at] as Row;
      const next =
        row.action === 'expired'
          ? this.expiry(row, models[0], standing)
          : this.step(rows, at, models, standing);
      if (!next) break;
      standing = next.standing;
      at += next.rows;
      const from = row.action === 'expired' ? Number(row.streamId.split('-')[0]) : row.at;
      standings.push({ from, standing });
    }
    this.lived.set(first.ref, { models, rows, standings, last: standing });
  }

  /** After all rows: what was answered without leaving one must be what leaves none. */
  judgeAnswers(): void {
    for (const one of this.tries) {
      if (one.status === 500 || one.status === 400)
        this.accuse(undefined, `answered ${one.status}: ${tell(one)}`);
      if (this.proved.has(one.n) || one.status <= 0 || one.status === 503) continue;
      const lived = one.life.ref === undefined ? undefined : this.lived.get(one.life.ref);
      if (one.step.does === 'create' || !lived) {
        this.accuse(undefined, `answered, and no row: ${tell(one)}`);
        continue;
      }
      if (!canBe(one, lived)) this.accuse(lived.rows.at(-1), `answered, and no row that fits: ${tell(one)}`);
      if (one.step.does === 'read the receipt') this.receipt(one, lived);
    }
  }

  private step(
    rows: readonly Row[],
    at: number,
    models: Models,
    standing: Standing,
  ): { standing: Standing; rows: number } | undefined {
    const row = rows[at] as Row;
    const one = this.tryOf(row);
    if (!one || one.life.ref !== row.ref)
      return void this.accuse(row, 'a row that no request of this secret made');
    this.prove(one, row);
    const reactions = models.map((model) => model.answer(one.step, standing, row.at));
    const reaction = reactions.find(({ effect }) => {
      const found = rows.slice(at, at + (effect?.transitions.length ?? 0));
      const told = found.map(({ action, at: when, extra }) => ({ action, at: when, extra }));
      const sameAgent = found.every(({ agent }) => agent === row.agent);
      return sameAgent && isDeepStrictEqual(told, effect?.transitions);
    });
    if (!reaction?.effect) {
      const due = reactions.map(
        ({ answer, effect }) => effect?.transitions[0]?.action ?? `nothing (${answer})`,
      );
      return void this.accuse(row, `an illegal transition: due was ${due[0]} for ${tell(one)}`);
    }
    this.expect(row, one, reaction);
    return { standing: reaction.effect.standing, rows: reaction.effect.transitions.length };
  }

  private expiry(
    row: Row,
    model: SecretModel,
    standing: Standing,
  ): { standing: Standing; rows: number } | undefined {
    if (standing.end) this.accuse(row, 'expired after its end');
    if (row.at !== model.expiresAt) this.accuse(row, `expired at another time than ${model.expiresAt}`);
    if (row.actor !== 'system' || row.agent !== null) this.accuse(row, 'expired by a client');
    return { standing: { ...standing, end: { how: 'expired', at: row.at } }, rows: 1 };
  }

  /** That the row lies in the time of its request, and that the client was told what the row says. */
  private expect(row: Row, one: Try, { answer, leaseEnd }: Reaction): void {
    if (row.at < one.sentAt - SLACK_MS) this.accuse(row, `happened before it was asked for: ${tell(one)}`);
    if (row.actor !== 'anonymous' || row.ipAddress !== '127.0.0.0') this.accuse(row, 'of another client');
    if (isUnknown(one)) {
      this.heardUnanswered += 1;
      return;
    }
    if (row.at > one.doneAt + SLACK_MS) this.accuse(row, `happened after its answer: ${tell(one)}`);
    if (answerOf(one) !== answer) this.accuse(row, `another answer than ${answer}: ${tell(one)}`);
    if (one.status === 200 && one.body['content'] !== one.life.plan.content)
      this.accuse(row, 'another content');
    const granted = one.body['leaseExpiresAt'];
    const lease = typeof granted === 'string' ? Date.parse(granted) : undefined;
    if (one.status === 200 && Math.abs((lease ?? 0) - (leaseEnd ?? 0)) > LATE_MS)
      this.accuse(row, `a lease until ${leaseEnd} was due, not until ${lease}: ${tell(one)}`);
  }

  /** What a sender is told has happened. How far the trail was by then is another question. */
  private receipt(one: Try, { rows, models: [model] }: Lived): void {
    const timeline = one.body['timeline'] as readonly { action: string; at: string }[];
    const real = new Set(rows.map(({ action, at }) => `${action} ${at}`));
    for (const { action, at } of timeline) {
      // Before the trail has them, creation and expiry are told from the receipt, by the clock of an app.
      const known = real.has(`${action} ${Date.parse(at)}`) || action === 'created';
      const due = action === 'expired' && Math.abs(Date.parse(at) - model.expiresAt) < 1_000;
      if (!known && !due) this.accuse(rows[0], `a receipt tells of what never happened: ${action} at ${at}`);
    }
  }

  private prove(one: Try, row: Row): void {
    if (this.proved.has(one.n)) this.accuse(row, `a second row of one request: ${tell(one)}`);
    if (one.status === -1) this.accuse(row, `a row of a request that was never sent: ${tell(one)}`);
    this.proved.add(one.n);
  }

  private tryOf({ agent }: Row): Try | undefined {
    return agent?.startsWith(AGENT) ? this.tries[Number(agent.slice(AGENT.length))] : undefined;
  }

  private accuse(row: Row | undefined, what: string): void {
    if (this.violations.length >= MOST_VIOLATIONS) return;
    const where = row
      ? ` [bucket ${row.bucket}, sequence ${row.sequence}, ${row.action} at ${row.at}, ref ${row.ref}]`
      : '';
    this.violations.push(`${what}${where}`);
  }
}

function tell(one: Try): string {
  const { n, life, step, sentAt, doneAt } = one;
  return `request ${n} of life ${life.n}, ${JSON.stringify(step)}, ${sentAt} to ${doneAt}: ${answerOf(one)}`;
}

/** Whether, at some moment between question and answer, this answer was right and left no row. */
function canBe(one: Try, { models, standings }: Lived): boolean {
  const answer = answerOf(one);
  const [began, ended] = [one.sentAt - SLACK_MS, one.doneAt + SLACK_MS];
  return standings.some(({ from, standing }, index) => {
    const until = Math.min(ended, standings[index + 1]?.from ?? ended);
    const since = Math.max(began, from);
    if (since > until + SLACK_MS) return false;
    return models.some((model) => {
      const near = model.turns(standing).flatMap((turn) => [turn - 1, turn, turn + 1]);
      return [since, until, ...near.filter((t) => t > since && t < until)].some((t) => {
        const reaction = model.answer(one.step, standing, t);
        return !reaction.effect && reaction.answer === answer;
      });
    });
  });
}
