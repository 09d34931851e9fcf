import { expect, it } from '@jest/globals';

import { openDatabase } from '../../src/database/open-database.js';
import { migrate } from '../../src/database/migrate.js';
import { cli } from '../int/kit/cli.js';
import { Client } from '../int/kit/client.js';
import { newKeys, until } from '../int/kit/portal.js';
import { startApp } from '../support/app-process.js';
import { databaseMatrix } from '../support/database-matrix.js';
import { startRedis } from '../support/redis-server.js';

const REFUSED = 'refuse me';
const ROUNDS = 3;
const KEYS = 'bb:{0';

it.each(databaseMatrix())(
  'sets events aside that $name refuses, each once, through kills of the app',
  async (engine) => {
    const target = await engine.quick();
    const database = await openDatabase(target);
    await migrate(database);
    await database.query(
      `ALTER TABLE audit_events ADD CONSTRAINT odd CHECK (user_agent IS DISTINCT FROM '${REFUSED}')`,
    );
    await database.close();

    const redis = await startRedis();
    const isServer = 'url' in target;
    const env = { BURNBAG_KEYS: newKeys(), ...(isServer && { DATABASE_URL: target.url }) };
    const options = { env, redisUrl: redis.url, dataDir: isServer ? undefined : target.dataDir };
    const refs = { refused: new Set<string>(), kept: new Set<string>() };
    let app = await startApp(options);
    for (let round = 0; round < ROUNDS; round += 1) {
      const client = new Client(app.url);
      const create = async (agent: string, into: Set<string>): Promise<void> => {
        const headers = { 'user-agent': agent };
        const sent = await client.send('POST', '/api/v1/secrets', { json: { content: 'x' }, headers });
        if (sent.status === 201) into.add(String(sent.body['ref']));
      };
      const load = Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          n % 4 === 0 ? create(REFUSED, refs.refused) : create('curl', refs.kept),
        ),
      ).catch(() => undefined);
      const wanted = (round + 1) * 30;
      await until(() => refs.refused.size + refs.kept.size >= wanted);
      await app.kill9();
      await load;
      client.close();
      app = await startApp(options);
    }

    const client = new Client(app.url);
    const waiting = async (): Promise<number> => {
      const keys = (await redis.cli('KEYS', `${KEYS}*:outbox`)).split('\n').filter((key) => key !== '');
      const lengths = await Promise.all(keys.map((key) => redis.cli('XLEN', key)));
      return lengths.reduce((sum, length) => sum + Number(length), 0);
    };
    await until(async () => (await waiting()) === 0);
    const setAside = async (): Promise<number> => {
      const { body } = await client.send('GET', '/health');
      return (body['checks'] as { setAsideEvents: number }).setAsideEvents;
    };
    await until(async () => (await setAside()) >= refs.refused.size);
    const said = await cli(['audit', 'verify'], {
      ...env,
      REDIS_URL: redis.url,
      DATA_DIR: app.dataDir,
    });
    expect(said).toMatchObject({ code: 0, err: '' });
    const [first, ...named] = said.out.trim().split('\n');
    expect(first).toMatch(/^\d+ events, intact$/);
    expect(named).toHaveLength(await setAside());
    for (const ref of refs.refused) {
      expect(named.filter((line) => line.startsWith('set aside: ') && line.includes(ref))).toHaveLength(1);
    }
    for (const ref of refs.kept) expect(said.out).not.toContain(ref);
    const { text } = await client.send('GET', '/metrics');
    expect(text).toContain(`burnbag_audit_set_aside_events ${named.length}`);
    client.close();
    expect(await app.stop()).toBe(0);
    await redis.stop();
  },
);
