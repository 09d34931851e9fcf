import { setTimeout as delay } from 'node:timers/promises';

import { until } from '../../int/kit/portal.js';
import type { TestApp } from '../../support/app-process.js';
import type { TestPostgres } from '../../support/postgres-server.js';
import type { TestRedis } from '../../support/redis-server.js';
import type { SeededRandom } from './seeded-random.js';

export interface Cluster {
  readonly apps: TestApp[];
  readonly redis: TestRedis;
  readonly postgres: TestPostgres;
  /** Starts an app in the place of one that was killed. */
  again(place: number): Promise<TestApp>;
}

export interface Damage {
  kills: number;
  freezes: number;
  /** Apps that ended at their start. */
  failedStarts: number;
  databaseOutages: number;
  redisOutages: number;
  scriptFlushes: number;
}

/** When what happens: ms between two, and how long something stays away. */
const APP = { first: 2_000, least: 2_500, most: 4_500 };
/** The slower the machine, the more of its starts meet an outage. */
const START_TRIES = 20;
const FREEZE_MS = 800;
const DATABASE = { first: 6_000, least: 8_000, most: 14_000, awayLeast: 1_500, awayMost: 4_000 };
const REDIS = { first: 5_000, least: 9_000, most: 15_000, awayLeast: 100, awayMost: 900 };
const FLUSH = { first: 3_000, least: 3_000, most: 6_000 };

/** Breaks what it can, and puts it back, until it is told to stop. */
export class FaultInjector {
  readonly damage: Damage = {
    kills: 0,
    freezes: 0,
    failedStarts: 0,
    databaseOutages: 0,
    redisOutages: 0,
    scriptFlushes: 0,
  };
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();
  private readonly starting = new Map<number, Promise<void>>();

  constructor(
    private readonly cluster: Cluster,
    private readonly random: SeededRandom,
  ) {}

  begin(): void {
    const [apps, database, redis, scripts] = [1, 2, 3, 4].map((n) => this.random.branch(n)) as [
      SeededRandom,
      SeededRandom,
      SeededRandom,
      SeededRandom,
    ];
    this.running = Promise.all([
      this.repeat(APP, apps, () => this.app(apps)),
      this.repeat(DATABASE, database, () => this.database(database)),
      this.repeat(REDIS, redis, () => this.redis(redis)),
      this.repeat(FLUSH, scripts, () => this.flush()),
    ]);
    // The caller of its end gets the failure; until then it must not end the process.
    this.running.catch(() => undefined);
  }

  /** Resolves when everything is up again. @throws what could not be put back */
  async end(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.starting.values());
  }

  private async repeat(
    { first, least, most }: { first: number; least: number; most: number },
    random: SeededRandom,
    breakIt: () => Promise<void>,
  ): Promise<void> {
    const { signal } = this.stopping;
    const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined);
    await pause(first);
    while (!signal.aborted) {
      await breakIt();
      await pause(random.between(least, most));
    }
  }

  /** A process that dies, or one that stands still with all that it holds, as in a paused virtual machine. */
  private async app(random: SeededRandom): Promise<void> {
    const place = random.between(0, this.cluster.apps.length - 1);
    const frozen = random.next() < 0.1;
    // One that is on its way up is left to come: what is killed must have worked.
    await this.starting.get(place);
    const app = this.cluster.apps[place];
    if (!app) throw new RangeError(`no app ${place}`);
    if (frozen) {
      process.kill(app.pid, 'SIGSTOP');
      await delay(FREEZE_MS);
      process.kill(app.pid, 'SIGCONT');
      this.damage.freezes += 1;
      return;
    }
    await app.kill9();
    this.damage.kills += 1;
    const start = this.startAgain(place);
    start.catch(() => undefined);
    this.starting.set(place, start);
  }

  /** As a supervisor does it: an app that ends at its start, because Redis went away meanwhile, is started again. */
  private async startAgain(place: number): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.cluster.apps[place] = await this.cluster.again(place);
        return;
      } catch (error) {
        if (tries === START_TRIES) throw error;
        this.damage.failedStarts += 1;
      }
    }
  }

  private async database(random: SeededRandom): Promise<void> {
    const { postgres } = this.cluster;
    if (random.next() < 0.5) await postgres.kill9();
    else await stopFast(postgres);
    this.damage.databaseOutages += 1;
    await delay(random.between(DATABASE.awayLeast, DATABASE.awayMost));
    await postgres.restart();
  }

  private async redis(random: SeededRandom): Promise<void> {
    await this.cluster.redis.kill9();
    this.damage.redisOutages += 1;
    await delay(random.between(REDIS.awayLeast, REDIS.awayMost));
    await this.cluster.redis.restart();
  }

  /** Refused while it is down, which has the same effect. */
  private async flush(): Promise<void> {
    await this.cluster.redis.cli('SCRIPT', 'FLUSH').then(
      () => (this.damage.scriptFlushes += 1),
      () => undefined,
    );
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The shutdown of an operator's `systemctl stop`: sessions are broken off, what was committed is written. */
async function stopFast(postgres: TestPostgres): Promise<void> {
  const { pid } = postgres;
  if (pid === undefined) return;
  process.kill(pid, 'SIGINT');
  await until(() => !runs(pid));
}
