import { randomBytes } from 'node:crypto';

import { Redis } from 'ioredis';

import { idBytes, refOf } from '../../../src/common/ids.js';
import { REPLICAS_KEY, secretKeys } from '../../../src/redis/redis-keys.js';
import { startApp, type TestApp } from '../../support/app-process.js';
import type { TestEngine } from '../../support/database-matrix.js';
import { createOwnDatabase } from '../../support/own-database.js';
import { startRedis, type TestRedis } from '../../support/redis-server.js';
import { Client } from './client.js';

export interface PortalOptions {
  /** App processes that share one Redis. @default 1 */
  readonly apps?: number;
  /** Each app in a process group of its own. */
  readonly group?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly redis?: Readonly<Record<string, string>>;
  /** Of databaseMatrix. @default PostgreSQL: a database of the run's that all its apps share */
  readonly engine?: TestEngine | undefined;
}

/** Real app processes on one real Redis, and a look into it. */
export interface Portal {
  readonly redis: TestRedis;
  readonly apps: readonly TestApp[];
  readonly client: Client;
  readonly clients: readonly Client[];
  readonly db: Redis;
  /** What every app was started with; the keys among it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export function newKeys(): string {
  return `1:${randomBytes(32).toString('base64')}`;
}

/** A connection to look into Redis with; it reconnects when the server was killed. */
export function connectTo(redis: TestRedis): Redis {
  const db = new Redis(redis.url, { retryStrategy: () => 50, maxRetriesPerRequest: 40 });
  db.on('error', () => undefined);
  return db;
}

export async function openPortal({
  apps: count = 1,
  group = false,
  env = {},
  redis: config = {},
  engine,
}: PortalOptions = {}): Promise<Portal> {
  const redis = await startRedis({ config });
  const hasNone = env['DATABASE_URL'] === undefined && engine?.name !== 'PGlite';
  const own = hasNone ? await createOwnDatabase() : undefined;
  const shared = {
    BURNBAG_KEYS: newKeys(),
    RATE_LIMIT: 'off',
    ...(own && { DATABASE_URL: own.url }),
    ...env,
  };
  const apps = await Promise.all(
    Array.from({ length: count }, () =>
      startApp({ env: shared, redisUrl: redis.url, group, database: 'embedded' }),
    ),
  );
  const clients = apps.map(({ url }) => new Client(url));
  const [client] = clients;
  if (!client) throw new Error('a portal needs an app');
  const db = connectTo(redis);
  const close = async (): Promise<void> => {
    for (const each of clients) each.close();
    await Promise.all(apps.map((app) => app.stop()));
    await own?.drop();
    db.disconnect();
    await redis.stop();
  };
  return { redis, apps, client, clients, db, env: shared, close };
}

/** The keys of a secret in Redis, from the id that only its link holds. */
export function keysOf(id: string): { record: string; tombstone: string } {
  return secretKeys(refOf(idBytes(id)));
}

/** Every key of the store with its value and its expiry, to compare before and after. */
export async function keyspace(db: Redis): Promise<Record<string, { value: string; expiresAt: number }>> {
  const keys = (await db.keys('*')).sort();
  const entries = keys.map(async (key) => {
    const value = (await db.type(key)) === 'string' ? await db.getBuffer(key) : await db.dumpBuffer(key);
    return [key, { value: value?.toString('hex') ?? '', expiresAt: await db.pexpiretime(key) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * As {@link keyspace}, once the relay has taken what it was given, and without what every app repeats all the time, that
 * it runs and which keys it holds: from then on nothing changes by itself.
 */
export async function settledKeyspace(db: Redis): ReturnType<typeof keyspace> {
  const isQuiet = async (): Promise<boolean> => {
    const waiting = (await db.keys('*:outbox')).map((key) => db.xlen(key));
    return (await Promise.all(waiting)).every((events) => events === 0);
  };
  await until(isQuiet);
  const { [REPLICAS_KEY]: _announced, ...rest } = await keyspace(db);
  return rest;
}

/** Asks until it is so. @throws after `ms` milliseconds */
export async function until(condition: () => Promise<boolean> | boolean, ms = 60_000): Promise<void> {
  const since = Date.now();
  while (!(await condition())) {
    if (Date.now() - since > ms) throw new Error(`the condition did not hold within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
