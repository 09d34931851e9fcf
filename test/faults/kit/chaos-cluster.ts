import { newKeys } from '../../int/kit/portal.js';
import { startApp, type TestApp } from '../../support/app-process.js';
import { freePort } from '../../support/free-port.js';
import { startPostgres } from '../../support/postgres-server.js';
import { startRedis } from '../../support/redis-server.js';
import { LEASE_MS, LOCK_MS } from './secret-model.js';
import type { Cluster } from './fault-injector.js';

/** Several apps on one Redis and one PostgreSQL, all of them real. */
export interface ChaosHouse extends Cluster {
  /** What an operator's command needs to reach the same trail. */
  readonly env: Readonly<Record<'BURNBAG_KEYS' | 'DATABASE_URL' | 'REDIS_URL' | 'DATA_DIR', string>>;
  /** Those that were killed, too. */
  readonly everyApp: readonly TestApp[];
}

export async function openHouse(count: number): Promise<ChaosHouse> {
  const [redis, postgres, ...ports] = await Promise.all([
    startRedis(),
    startPostgres(),
    ...Array.from({ length: count }, () => freePort()),
  ]);
  const env = { BURNBAG_KEYS: newKeys(), DATABASE_URL: postgres.url };
  const settings = {
    ...env,
    CLAIM_LEASE_SECONDS: String(LEASE_MS / 1_000),
    PASSPHRASE_LOCK_SECONDS: String(LOCK_MS / 1_000),
    LOG_LEVEL: 'warn',
  };
  const start = (port: number, dataDir?: string): Promise<TestApp> =>
    startApp({ env: settings, redisUrl: redis.url, port, dataDir });
  const apps = await Promise.all(ports.map((port) => start(port)));
  const everyApp = [...apps];
  const again = async (place: number): Promise<TestApp> => {
    const app = await start(ports[place] ?? 0, apps[place]?.dataDir);
    everyApp.push(app);
    return app;
  };
  const reach = { ...env, REDIS_URL: redis.url, DATA_DIR: apps[0]?.dataDir ?? '' };
  return { apps, redis, postgres, again, env: reach, everyApp };
}

/** What no outage excuses: a fault in the program, or a trail that it holds for broken. */
export function faultsIn(apps: readonly TestApp[]): string[] {
  const lines = apps.flatMap((app) => app.output().split('\n'));
  return lines.filter((line) => /"level":"(error|fatal)"|the audit relay failed/.test(line)).slice(0, 5);
}
