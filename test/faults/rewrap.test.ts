import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';

import { cli, startCli } from '../int/kit/cli.js';
import { Client } from '../int/kit/client.js';
import { connectTo, newKeys, until } from '../int/kit/portal.js';
import { sizeOf } from '../support/full-run.js';
import { startApp, type TestApp } from '../support/app-process.js';
import { createOwnDatabase } from '../support/own-database.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { Crowd } from './kit/crowd.js';
import { OpeningLoad } from './kit/opening-load.js';
import { stallingLine } from './kit/stalling-line.js';

/** Live secrets that are wrapped again; a larger number for a demonstration. */
const SECRETS = sizeOf('BB_REWRAP_SECRETS', { ci: 3_000, full: 30_000 });
const MAKERS = 4;
/** What `rewrap` sends for each record: 200 to count it first, then 600 to read and to change it. It is stopped between. */
const SENT_BYTES = 400;
const LONG_MS = 400_000 + SECRETS * 30;

let redis: TestRedis;
let db: Redis;
let folder: string;
let file: string;
let env: Record<string, string>;
let apps: TestApp[];
let clients: Client[];

const keys = (...args: string[]) => cli(['keys', ...args], env);
const start = () => startApp({ env, redisUrl: redis.url });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'burnbag-rewrap-'));
  file = join(folder, 'key-file');
  writeFileSync(file, newKeys(), { mode: 0o400 });
  redis = await startRedis();
  db = connectTo(redis);
  const { url } = await createOwnDatabase();
  env = { BURNBAG_KEYS_FILE: file, REDIS_URL: redis.url, DATABASE_URL: url };
  apps = await Promise.all([start(), start()]);
  clients = apps.map((app) => new Client(app.url));
});
afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all(apps.map((app) => app.stop()));
  db.disconnect();
  rmSync(folder, { recursive: true });
});

it(
  'rewraps live secrets under load, killed in the middle, and no reader notices',
  async () => {
    const crowd = new Crowd(() => clients);
    await crowd.fill(SECRETS);
    for (const args of [['add'], ['promote', '2']]) expect(await keys(...args)).toMatchObject({ code: 0 });
    expect(await crowd.keys(db)).toEqual(new Map([[1, SECRETS]]));

    const load = new OpeningLoad(clients, MAKERS);
    let killed = false;
    const reading = crowd.readUntil(() => killed);
    const line = await stallingLine(Number(new URL(redis.url).port), SECRETS * SENT_BYTES);
    const first = startCli(['keys', 'rewrap'], { ...env, REDIS_URL: `redis://127.0.0.1:${line.port}` });
    await Promise.race([line.stalled, first.done]);
    first.kill9();
    killed = true;
    expect(await first.done).toMatchObject({ code: null, err: '' });
    const halfway = await crowd.keys(db);
    expect(halfway.get(1)).toBeGreaterThan(0);
    expect(halfway.get(2)).toBeGreaterThan(0);

    let done = false;
    const readingOn = reading.then(async (read) => read + (await crowd.readUntil(() => done)));
    const second = await keys('rewrap');
    expect(second).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/Nothing needs another key/),
    });
    done = true;
    const read = await readingOn;
    expect([...(await crowd.keys(db)).keys()]).toEqual([2]);

    const retiring = startCli(['keys', 'retire', '1'], env);
    await until(() => /^1:retired:/m.test(readFileSync(file, 'utf8')));
    await load.end();
    // One replica goes on, the other never had the key that is gone.
    await apps[0]?.stop();
    clients[0]?.close();
    apps[0] = await start();
    clients[0] = new Client(apps[0].url);
    expect(await crowd.finish()).toBe(0);
    expect(crowd.failed).toEqual([]);
    expect(await crowd.keys(db)).toEqual(new Map());
    for (const { shownTo } of [...load.opened, ...load.kept]) expect(shownTo.size).toBe(1);
    expect([...load.statuses.keys()].sort()).toEqual([200, 201, 410]);
    // By now it waits for nothing but the replica that goes on to forget the key, which takes 15 seconds.
    retiring.kill9();
    expect(await retiring.done).toMatchObject({
      err: '',
      out: expect.stringContaining('Key 1 is destroyed'),
    });
    const [wrapped = ''] = second.out.split('\n').slice(-3);
    process.stdout.write(
      `${SECRETS} secrets, ${halfway.get(1)} under the old key when killed; then: ${wrapped} ` +
        `${read} of them and ${load.opened.length} new ones were opened meanwhile; slowest answer ` +
        `${Math.round(crowd.served.slowestMs)} ms\n`,
    );
  },
  LONG_MS,
);
