import { expect, it } from '@jest/globals';

import { startApp } from '../support/app-process.js';
import { endAfterTests } from '../support/leftovers.js';
import { createOwnDatabase } from '../support/own-database.js';
import { startSentinels } from '../support/redis-sentinels.js';
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
