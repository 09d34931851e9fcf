import { setTimeout as delay } from 'node:timers/promises';

import { DatabaseAwayError } from '../../database/database.port.js';
import { positionKeys, TRAIL_KEY } from '../../redis/redis-keys.js';
import { defineScript } from '../../redis/script/define-script.js';
import { bytesOrNone, integerIn, textIn } from '../../redis/script/script-reply.js';
import { keepValueScript, readValueScript } from '../../redis/value/value.scripts.js';
import type { RedisService } from '../../redis/redis.service.js';
import { BUCKETS } from '../chain/audit-chain.js';
import { confirmPosition } from '../outbox/redis-outbox.js';
import type { BucketVerdict, PositionAnswer, PositionRequest, RedisPosition } from './compare-positions.js';

const ALL = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
/**
 * Milliseconds until a closed store is compared again: the operator may have reconciled it, the database may
 * be back.
 */
const AGAIN_MS = 1_000;
/** A position that moved during the comparison is compared again, for about two seconds. */
const TRIES = 100;
const PAUSE_MS = 20;

const positionScript = defineScript(import.meta.url, 'read-position', {
  keys: ['outbox', 'head', 'mark'],
  args: {},
  parse: ([head, events, runId, mark]): RedisPosition => ({
    head: bytesOrNone(head),
    events: integerIn(events),
    runId: textIn(runId),
    mark: bytesOrNone(mark),
  }),
});

export interface RedisPositionCheckOptions {
  readonly redis: Pick<RedisService, 'run' | 'gate' | 'onPresence'>;
  /** Called after each comparison. */
  readonly onChange: () => void;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void;
}

interface Found {
  readonly current: number[];
  readonly behind: number[];
  reason: string | undefined;
  /** Whether the result is final, and no further comparison is scheduled. */
  isFinal: boolean;
}

/**
 * Opens secrets only from a store that was compared with the trail. Compares Redis with the audit trail
 * whenever it may have changed, and opens the store only then: at the start, after a reconnect or a
 * failover, and when the relay finds that Redis is behind.
 */
export class RedisPositionCheck {
  private running: Promise<void> | undefined;
  private isDue = false;
  private again: NodeJS.Timeout | undefined;
  private isStopped = false;
  private told = '';
  private ask = (_request: PositionRequest): Promise<PositionAnswer> =>
    Promise.reject(new DatabaseAwayError('the audit task is not running'));

  constructor(private readonly options: RedisPositionCheckOptions) {
    const { redis } = options;
    redis.gate.arm(() => void this.run());
    redis.onPresence((up) => {
      if (up) void this.run();
      else options.onChange();
    });
  }

  /** @param compare asks the thread that has the database; throws DatabaseAwayError while it is down */
  compareBy(compare: (request: PositionRequest) => Promise<PositionAnswer>): void {
    this.ask = compare;
  }

  /** Closes the store until the next comparison. */
  doubt(): void {
    this.options.redis.gate.doubt();
  }

  /** Compares now, or again after the current comparison. Resolves when that is done; never throws. */
  run(): Promise<void> {
    this.isDue = true;
    this.running ??= this.loop().finally(() => (this.running = undefined));
    return this.running;
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.again);
  }

  private async loop(): Promise<void> {
    while (this.isDue && !this.isStopped) {
      this.isDue = false;
      clearTimeout(this.again);
      const servers = this.options.redis.gate.servers();
      const found = await this.compare().catch((error: unknown) => notCompared(error));
      this.options.redis.gate.settle({ servers, ...found });
      this.tell(found);
      this.options.onChange();
      if (!found.isFinal) this.again = setTimeout(() => void this.run(), AGAIN_MS).unref();
    }
  }

  private async compare(): Promise<Found> {
    const found: Found = { current: [], behind: [], reason: undefined, isFinal: true };
    let open: readonly number[] = ALL;
    for (let tries = 1; open.length > 0 && !this.isStopped; tries += 1) {
      const { verdicts, compared } = await this.ask(await this.read(open));
      if (!compared) found.isFinal = false;
      const answers = await Promise.all(open.map((bucket) => this.decide(bucket, verdicts[bucket])));
      // A relay that catches up always moves some chains: only those are asked again.
      const moved = open.filter((_, at) => answers[at] === 'changed');
      open.forEach((bucket, at) => note(found, bucket, answers[at] ?? 'changed', tries === TRIES));
      if (tries === TRIES) break;
      open = moved;
      if (open.length > 0) await delay(PAUSE_MS);
    }
    return found;
  }

  /** @param open the buckets to compare */
  private async read(open: readonly number[]): Promise<PositionRequest> {
    const { redis } = this.options;
    const positions = await Promise.allSettled(
      ALL.map((bucket) => {
        if (!open.includes(bucket)) return Promise.resolve(undefined);
        const { outbox, head, compared } = positionKeys(bucket);
        return redis.run(positionScript, { outbox, head, mark: compared }, {});
      }),
    );
    const trail = await redis.run(readValueScript, { value: TRAIL_KEY }, {}).catch(() => undefined);
    return {
      trail: trail?.toString('utf8'),
      positions: positions.map((each) => (each.status === 'fulfilled' ? each.value : undefined)),
    };
  }

  /** @returns why a bucket is not current; 'changed': ask again */
  private async decide(bucket: number, verdict: BucketVerdict | undefined): Promise<Decision> {
    if (!verdict) return { kind: 'unproven', reason: undefined };
    if (isClosed(verdict)) return verdict;
    const { redis } = this.options;
    try {
      if (verdict.kind === 'confirm') {
        const kept = verdict.kept && Buffer.from(verdict.kept);
        const { head, unsettled, reason } = verdict;
        const answer = await confirmPosition(redis, bucket, kept, Buffer.from(head), unsettled);
        if (answer === 'changed') return 'changed';
        if (answer === 'behind') return { kind: 'behind', reason };
      }
      if (verdict.mark)
        await redis.run(
          keepValueScript,
          { value: positionKeys(bucket).compared },
          { value: Buffer.from(verdict.mark) },
        );
      return 'current';
    } catch (error) {
      return { kind: 'unproven', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Logs each state once. */
  private tell({ behind, reason, isFinal }: Found): void {
    const message =
      behind.length > 0
        ? 'Redis has gone back in time: nothing is opened or stored until it is reconciled. Run "npm run cli -- redis reconcile", or start with REDIS_RECONCILE=auto'
        : reason !== undefined
          ? 'Redis could not be compared with the audit trail: nothing is opened or stored there until it is'
          : '';
    const key = message + behind.join();
    if (this.told === key || this.isStopped) return;
    if (message !== '')
      this.options.log(behind.length > 0 ? 'error' : 'warn', message, { buckets: behind, reason });
    else if (isFinal || this.told !== '')
      this.options.log('info', 'Redis is as far as the audit trail: secrets are served');
    this.told = key;
  }
}

function isClosed(
  verdict: BucketVerdict,
): verdict is Extract<BucketVerdict, { readonly kind: 'behind' | 'unproven' }> {
  return verdict.kind === 'behind' || verdict.kind === 'unproven';
}

type Decision =
  'current' | 'changed' | { readonly kind: 'behind' | 'unproven'; readonly reason: string | undefined };

/** @param isLast whether a bucket that has moved is not compared again */
function note(found: Found, bucket: number, answer: Decision, isLast: boolean): void {
  if (answer === 'current') {
    found.current.push(bucket);
    return;
  }
  if (answer === 'changed' && !isLast) return;
  found.isFinal = false;
  if (answer === 'changed') return;
  if (answer.kind === 'behind') found.behind.push(bucket);
  // A bucket that is behind is the more important reason than one that could not be compared.
  if (answer.kind === 'behind' ? found.behind.length === 1 : found.reason === undefined)
    found.reason = answer.reason;
}

function notCompared(error: unknown): Found {
  const isAway = error instanceof DatabaseAwayError;
  const reason = isAway ? 'the audit database cannot be asked' : String(error);
  return { current: [], behind: [], reason, isFinal: false };
}
