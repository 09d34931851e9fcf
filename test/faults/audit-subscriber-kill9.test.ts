import { fileURLToPath } from 'node:url';

import { expect, it } from '@jest/globals';

import { migrate } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open-database.js';
import { Client } from '../int/kit/client.js';
import { newKeys, until } from '../int/kit/portal.js';
import { startApp } from '../support/app-process.js';
import { databaseMatrix } from '../support/database-matrix.js';
import { startRedis } from '../support/redis-server.js';

const MAIN = fileURLToPath(new URL('./kit/subscribed-app.mjs', import.meta.url));
const ROUNDS = 4;
const SECRETS = 40;

it.each(databaseMatrix())(
  'hands each event that $name records to a subscriber exactly once, through kills of the app',
  async (engine) => {
    const target = await engine.quick();
    const prepared = await openDatabase(target);
    await migrate(prepared);
    await prepared.query('CREATE TABLE copied (id bigint, action text)');
    await prepared.close();

    const redis = await startRedis();
    const isServer = 'url' in target;
    const options = {
      main: MAIN,
      env: { BURNBAG_KEYS: newKeys(), ...(isServer && { DATABASE_URL: target.url }) },
      redisUrl: redis.url,
      dataDir: isServer ? undefined : target.dataDir,
    };
    let app = await startApp(options);
    let opened = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const client = new Client(app.url);
      const createAndOpen = async (): Promise<void> => {
        const { id } = await client.create();
        if ((await client.reveal(id, {})).status === 200) opened += 1;
      };
      const load = Promise.allSettled(Array.from({ length: SECRETS }, createAndOpen));
      // Under way in each round: some events are in Redis, some in the transaction, some committed.
      await until(() => opened >= (round * SECRETS) / 2);
      await app.kill9();
      await load;
      client.close();
      app = await startApp(options);
    }

    const waiting = async (): Promise<number> => {
      const keys = (await redis.cli('KEYS', 'bb:{0*:outbox')).split('\n').filter((key) => key !== '');
      const lengths = await Promise.all(keys.map((key) => redis.cli('XLEN', key)));
      return lengths.reduce((sum, length) => sum + Number(length), 0);
    };
    await until(async () => (await waiting()) === 0);
    expect(await app.stop()).toBe(0);
    const database = await openDatabase(target);
    const recorded = await database.query('SELECT id, action FROM audit_events ORDER BY id');
    expect(recorded.length).toBeGreaterThanOrEqual(2 * opened);
    expect(await database.query('SELECT id, action FROM copied ORDER BY id')).toEqual(recorded);
    await database.close();
    await redis.stop();
  },
);
