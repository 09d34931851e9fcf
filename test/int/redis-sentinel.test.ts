import { expect, it } from '@jest/globals';

import { closeClient, createClient } from '../../src/redis/client/client.js';
import { startApp } from '../support/app-process.js';
import { endAfterTests } from '../support/leftovers.js';
import { createOwnDatabase } from '../support/own-database.js';
import { startSentinels } from '../support/redis-sentinels.js';
import { startRedis } from '../support/redis-server.js';
import { Client } from './kit/client.js';
import { newKeys, until } from './kit/portal.js';

it('a sentinel that dies is named in the log, once and with the reason, and the portal goes on', async () => {
  const [house, database] = await Promise.all([startSentinels(1), createOwnDatabase()]);
  const env = { ...house.env, BURNBAG_KEYS: newKeys(), DATABASE_URL: database.url };
  const app = await startApp({ env });
  const client = new Client(app.url);
  endAfterTests(async () => client.close());
  const { id } = await client.create({ content: 'before' });

  await house.killSentinel(0);
  const address = new URL(house.env['REDIS_URLS']?.split(',')[0] ?? '').host;
  const told = () =>
    app
      .output()
      .split('\n')
      .filter((line) => line.includes('a sentinel cannot be reached') && line.includes(address));
  await until(() => told().length > 0);
  // It is looked for every second at the longest.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  // Once for each who watches it.
  const watchers = told().map((line) => (JSON.parse(line) as { context: string }).context);
  expect(new Set(watchers).size).toBe(watchers.length);
  expect((await client.reveal(id)).body).toMatchObject({ content: 'before' });
  await app.stop();
  // Nothing is printed past the log.
  expect(app.output()).not.toContain('[ioredis]');
});

it('a sentinel that refuses the password is named once, and never as one that is back', async () => {
  // It refuses every client as a sentinel does.
  const redis = await startRedis();
  await redis.cli('ACL', 'SETUSER', 'watcher', 'on', '>right');
  const { hostname: host, port } = new URL(redis.url);
  const told: string[] = [];
  const client = createClient(
    {
      mode: 'sentinel',
      sentinels: [{ host, port: Number(port) }],
      sentinelLogin: { username: 'watcher', password: 'wrong', tls: false },
      master: 'portal',
      login: { username: undefined, password: undefined, tls: false },
    },
    (_level, message, fields) => {
      if (message.includes('sentinel')) told.push(`${message}: ${String(fields?.['reason'])}`);
    },
  );
  client.connect().catch(() => undefined);
  const tries = async (): Promise<number> =>
    Number(/total_connections_received:(\d+)/.exec(await redis.cli('INFO', 'stats'))?.[1]);
  const before = await tries();
  // Each look is a connection, too.
  for (let looks = 1; (await tries()) < before + looks + 5; looks += 1);
  closeClient(client);
  expect(told).toEqual([
    expect.stringMatching(
      /^a sentinel cannot be reached: Redis refuses the login \(WRONGPASS .*\): check REDIS_URLS/,
    ),
  ]);
  await redis.stop();
});
