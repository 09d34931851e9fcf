import { afterAll, describe, expect, it } from '@jest/globals';

import { exchange } from '../../src/platform/data-dir/socket-exchange.js';
import { embeddedMaxMemory } from '../../src/redis/embedded/max-memory.js';
import { prepareDataDir } from '../../src/redis/embedded/data-dir.js';
import { startApp } from '../support/app-process.js';
import { newClaim, type Answer } from './kit/client.js';
import { openPortal, until, type Portal } from './kit/portal.js';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const TEXT = 'x'.repeat(200 * KIB);
const FULL = { status: 507, body: { code: 'storage_full' } };

const portals: Portal[] = [];
afterAll(() => Promise.all(portals.map((portal) => portal.close())));
async function open(options: Parameters<typeof openPortal>[0]): Promise<Portal> {
  const portal = await openPortal(options);
  portals.push(portal);
  return portal;
}

const gauge = async ({ client }: Portal, name: string): Promise<number> =>
  Number(new RegExp(`^${name} (.*)$`, 'm').exec((await client.send('GET', '/metrics')).text)?.[1]);

/** Creates, eight at a time, until texts are refused. @returns the ids, and the refusal */
async function fill({ client }: Portal): Promise<{ ids: string[]; refused: Answer }> {
  const ids: string[] = [];
  for (let round = 0; round < 60; round += 1) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.tryCreate({ content: TEXT })));
    for (const { status, body } of answers) if (status === 201) ids.push(String(body.id));
    const refused = answers.filter(({ status }) => status !== 201);
    for (const answer of refused) expect(answer).toMatchObject(FULL);
    if (refused[0]) return { ids, refused: refused[0] };
  }
  throw new Error('it was never full');
}

async function expectOpeningAndBurning({ client }: Portal, ids: readonly string[]): Promise<void> {
  const [fetched = '', claimed = '', burnt = ''] = ids;
  expect((await client.get(fetched)).body.content === TEXT).toBe(true);
  const claim = newClaim();
  expect((await client.reveal(claimed, { claim })).status).toBe(200);
  expect((await client.acknowledge(claimed, claim)).status).toBe(204);
  expect((await client.burn(burnt)).status).toBe(204);
  for (const id of [fetched, claimed, burnt]) expect((await client.reveal(id)).status).toBe(410);
}

describe('the bytes of texts of one client in an hour', () => {
  const LIMIT = 100 * KIB;
  const env = {
    RATE_LIMIT: 'on',
    TRUST_PROXY: 'loopback',
    SECRET_MAX_BYTES: String(LIMIT / 2),
    SECRET_CLIENT_BYTES_PER_HOUR: String(LIMIT),
  };

  it('are refused beyond the limit, with when to come back, while others create', async () => {
    const { client, clients, db } = await open({ apps: 2, env });
    const create = (bytes: number, from: string, at = 0): Promise<Answer> =>
      (clients[at] ?? client).send('POST', '/api/v1/secrets', {
        json: { content: 'x'.repeat(bytes) },
        headers: { 'X-Forwarded-For': from },
      });
    // Of twelve at once, over two processes, ten fit.
    const parallel = await Promise.all(
      Array.from({ length: 12 }, (_, n) => create(LIMIT / 10, '203.0.113.8', n % 2)),
    );
    expect(parallel.map(({ status }) => status).toSorted()).toEqual([
      ...Array.from({ length: 10 }, () => 201),
      429,
      429,
    ]);
    const refused = await create(1, '203.0.113.8');
    expect(refused).toMatchObject({
      status: 429,
      body: { code: 'text_quota_reached', field: 'content', limit: LIMIT },
    });
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBe(refused.body.retryAfterSeconds);
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_600);
    expect((await create(LIMIT / 2, '203.0.113.9')).status).toBe(201);
    // What is larger than any text is told so, and does not count.
    expect(await create(LIMIT + 1, '203.0.113.9')).toMatchObject({ status: 413 });
    expect((await create(LIMIT / 2, '203.0.113.9')).status).toBe(201);
    const keys = await db.keys('*:text-bytes:*');
    expect(keys).toHaveLength(2);
    expect(keys.join()).not.toContain('203.0.113');
    for (const key of keys) {
      expect(await db.get(key)).toBe(String(LIMIT));
      expect(await db.pttl(key)).toBeGreaterThan(0);
    }
    // The hour is over.
    await db.del(...keys);
    expect((await create(1, '203.0.113.8')).status).toBe(201);
  });
});

describe('a Redis with a small maxmemory that texts fill', () => {
  it('refuses new ones clearly, opens and burns, and takes new ones when there is room', async () => {
    const portal = await open({ redis: { maxmemory: '20mb' } });
    const { ids, refused } = await fill(portal);
    expect(ids.length).toBeGreaterThan(20);
    expect(refused.body.detail).toMatch(/full.*opening and burning still work/);
    await until(async () => (await gauge(portal, 'burnbag_redis_memory_filled_ratio')) > 0.9);
    expect(await gauge(portal, 'burnbag_redis_memory_bound_bytes')).toBe(20 * MIB);
    await expectOpeningAndBurning(portal, ids);
    for (const id of ids.slice(3, 13)) expect((await portal.client.burn(id)).status).toBe(204);
    await until(async () => (await portal.client.tryCreate({ content: TEXT })).status === 201);
  });
});

describe('SECRET_QUOTA_BYTES', () => {
  it('bounds all texts below maxmemory, also when they come at once', async () => {
    const QUOTA = 12 * MIB;
    const portal = await open({ redis: { maxmemory: '64mb' }, env: { SECRET_QUOTA_BYTES: String(QUOTA) } });
    const { ids, refused } = await fill(portal);
    expect(ids.length).toBeGreaterThan(10);
    expect(refused.body.detail).toMatch(/SECRET_QUOTA_BYTES/);
    expect(ids.length * TEXT.length).toBeLessThan(QUOTA);
    await until(async () => (await gauge(portal, 'burnbag_redis_memory_filled_ratio')) > 0.8);
    expect(await gauge(portal, 'burnbag_redis_memory_bound_bytes')).toBe(QUOTA);
    await expectOpeningAndBurning(portal, ids);
    for (const id of ids.slice(3, 13)) expect((await portal.client.burn(id)).status).toBe(204);
    await until(async () => (await portal.client.tryCreate({ content: TEXT })).status === 201);
  });
});

describe('the embedded Redis', () => {
  it('may use half of the memory there is, and evicts nothing', async () => {
    const app = await startApp();
    const { redisSocket } = prepareDataDir(app.dataDir);
    expect(await exchange(redisSocket, 'CONFIG GET maxmemory\r\n')).toContain(String(embeddedMaxMemory()));
    expect(await exchange(redisSocket, 'CONFIG GET maxmemory-policy\r\n')).toContain('noeviction');
    await app.stop();
  });
});
