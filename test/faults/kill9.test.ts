import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, newClaim, type Answer } from '../int/kit/client.js';
import { newKeys, until } from '../int/kit/portal.js';
import { startApp, type TestApp } from '../support/app-process.js';
import { startRedis } from '../support/redis-server.js';

const folder = mkdtempSync(join(tmpdir(), 'burnbag-kill9-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of a claim that was heard and not answered: until everything was asked for after the restart. */
const LEASE = { CLAIM_LEASE_SECONDS: '600' };

/** What a client knows for sure of one secret: only whole answers count. */
interface Known {
  readonly id: string;
  readonly content: string;
  readonly claim: string;
  readonly state: 'created' | 'asked' | 'opened' | 'acknowledged';
}

/** Creates, opens and acknowledges until the server is gone. @param known what is known by now, by id */
async function load(client: Client, known = new Map<string, Known>()): Promise<Known[]> {
  const worker = async (): Promise<void> => {
    for (;;) {
      const content = `secret ${Math.random()}`;
      const { id } = await client.create({ content, maxViews: 1 });
      const one = { id, content, claim: newClaim() };
      known.set(id, { ...one, state: 'created' });
      if (known.size % 3 === 0) continue;
      known.set(id, { ...one, state: 'asked' });
      const { status } = await client.reveal(id, { claim: one.claim });
      if (status !== 200) return;
      known.set(id, { ...one, state: 'opened' });
      if (known.size % 3 === 1) continue;
      if ((await client.acknowledge(id, one.claim)).status !== 204) return;
      known.set(id, { ...one, state: 'acknowledged' });
    }
  };
  await Promise.all(Array.from({ length: 24 }, () => worker().catch(() => undefined)));
  return [...known.values()];
}

/** Every live secret still opens, and every burnt one stays burnt. */
async function expectKept(client: Client, known: readonly Known[]): Promise<void> {
  const count = (state: Known['state']) => known.filter((one) => one.state === state).length;
  expect(Math.min(count('created'), count('opened'), count('acknowledged'))).toBeGreaterThan(0);
  for (const { id, content, claim, state } of known) {
    const stranger = (): Promise<Answer> => client.reveal(id, { claim: newClaim() });
    if (state === 'opened' || state === 'acknowledged') {
      expect(await stranger()).toMatchObject({ status: 410, body: { reason: 'viewed' } });
    }
    const own = await client.reveal(id, { claim });
    // An acknowledgement, too, may have been heard although its answer was lost.
    if (state === 'opened') expect([200, 410]).toContain(own.status);
    if (state === 'acknowledged') expect(own).toMatchObject({ status: 410 });
    if (state === 'created' || state === 'asked')
      expect(own).toMatchObject({ status: 200, body: { content } });
    expect(await stranger()).toMatchObject({ status: 410 });
  }
}

async function again(before: TestApp, env: Record<string, string>, redisUrl?: string): Promise<TestApp> {
  return startApp({ env, dataDir: before.dataDir, redisUrl, port: Number(new URL(before.url).port) });
}

describe('kill -9 in the middle of load', () => {
  it('of the app, with a Redis elsewhere', async () => {
    const redis = await startRedis();
    const env = { BURNBAG_KEYS: newKeys(), ...LEASE };
    const app = await startApp({ env, redisUrl: redis.url, database: 'embedded' });
    const client = new Client(app.url);
    const loading = load(client);
    await until(async () => Number(await redis.cli('DBSIZE')) > 200);
    await app.kill9();
    const known = await loading;
    const next = await again(app, env, redis.url);
    await expectKept(client, known);
    client.close();
    await next.stop();
  });

  it('of the app with its embedded Redis', async () => {
    const app = await startApp({ env: LEASE, dataDir: join(folder, 'embedded-app') });
    const client = new Client(app.url);
    const sofar = new Map<string, Known>();
    const loading = load(client, sofar);
    await until(() => sofar.size > 200);
    await app.kill9();
    const known = await loading;
    const next = await again(app, {});
    await expectKept(client, known);
    client.close();
    expect(await next.stop()).toBe(0);
  });

  it('of Redis, which comes back on its own files', async () => {
    const redis = await startRedis();
    const app = await startApp({ env: { BURNBAG_KEYS: newKeys(), ...LEASE }, redisUrl: redis.url });
    const client = new Client(app.url);
    const loading = load(client);
    await until(async () => Number(await redis.cli('DBSIZE')) > 200);
    await redis.kill9();
    const known = await loading;
    await redis.restart();
    await until(async () => (await client.send('GET', '/health/ready')).status === 200);
    await expectKept(client, known);
    client.close();
    await app.stop();
  });

  it('of app and Redis together, three times', async () => {
    const redis = await startRedis();
    const env = { BURNBAG_KEYS: newKeys(), ...LEASE };
    let app = await startApp({ env, redisUrl: redis.url, database: 'embedded' });
    const client = new Client(app.url);
    for (let time = 0; time < 3; time++) {
      const before = Number(await redis.cli('DBSIZE'));
      const loading = load(client);
      await until(async () => Number(await redis.cli('DBSIZE')) > before + 150);
      await Promise.all([redis.kill9(), app.kill9()]);
      const known = await loading;
      await redis.restart();
      app = await again(app, env, redis.url);
      await expectKept(client, known);
    }
    client.close();
    await app.stop();
  });
});
