import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { REPLICAS_KEY } from '../../src/redis/redis-keys.js';
import { keysOf, settledKeyspace, openPortal, until, type Portal } from '../int/kit/portal.js';
import { Client, newClaim } from '../int/kit/client.js';
import { startApp } from '../support/app-process.js';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const UNAVAILABLE = { status: 503, body: { code: 'store_unavailable' } };

describe('while Redis is away', () => {
  it('answers 503 at once, says so to the balancer, and comes back by itself', async () => {
    const { client, redis } = portal;
    const kept = await client.create({ content: 'kept' });
    expect((await client.send('GET', '/health/ready')).status).toBe(200);
    await redis.kill9();
    await until(async () => (await client.send('GET', '/health/ready')).status === 503);

    const began = performance.now();
    const answers = await Promise.all([
      client.tryCreate({ content: 'not stored' }),
      client.reveal(kept.id),
      client.reveal(kept.id, { claim: newClaim() }),
      client.get(kept.id),
      client.status(kept.id),
      client.acknowledge(kept.id, newClaim()),
      client.burn(kept.id),
      client.receipt(kept.receiptToken),
    ]);
    expect(performance.now() - began).toBeLessThan(4_000);
    for (const answer of answers) expect(answer).toMatchObject(UNAVAILABLE);
    expect(answers[0]?.headers['retry-after']).toBe('2');
    expect((await client.head(kept.id)).status).toBe(503);
    expect(await client.send('GET', '/health')).toMatchObject({
      status: 503,
      body: { checks: { redis: 'down' } },
    });
    expect((await client.send('GET', '/health/live')).status).toBe(200);
    expect((await client.send('GET', '/metrics')).text).toContain('burnbag_store_up 0');

    await redis.restart();
    await until(async () => (await client.send('GET', '/health/ready')).status === 200);
    expect((await client.send('GET', '/metrics')).text).toContain('burnbag_store_up 1');
    expect((await client.reveal(kept.id)).body).toMatchObject({ content: 'kept' });
  });
});

describe('a Redis that lost its scripts', () => {
  it('is given them again, under load, without an effect on clients', async () => {
    const flushing = setInterval(() => void portal.db.script('FLUSH'), 5);
    const rounds = Array.from({ length: 300 }, async (_, n) => {
      const { id } = await portal.client.create({ content: `flushed ${n}` });
      const readers = await Promise.all([portal.client.reveal(id), portal.client.reveal(id)]);
      expect(readers.map(({ status }) => status).sort()).toEqual([200, 410]);
    });
    await Promise.all(rounds);
    clearInterval(flushing);
  });
});

describe('a full Redis', () => {
  it('stores nothing more, and still opens and burns', async () => {
    const { db, redis } = portal;
    // With the rate limit on, as it is by default: its count must not stand in the way.
    const limited = await startApp({ env: { ...portal.env, RATE_LIMIT: 'on' }, redisUrl: redis.url });
    const client = new Client(limited.url);
    const opened = await client.create({ content: 'opened' });
    const claimed = await client.create({ content: 'claimed' });
    const burnt = await client.create();
    const guarded = await client.create({ passphrase: 'p' });
    await db.config('SET', 'maxmemory', '1mb');
    const refused = await client.tryCreate({ content: 'one too many' });
    expect(refused).toMatchObject({ status: 507, body: { code: 'storage_full' } });
    expect(refused.body.detail).toMatch(/full/);
    const claim = newClaim();
    expect((await client.reveal(opened.id)).body).toMatchObject({ content: 'opened' });
    expect((await client.reveal(claimed.id, { claim })).body).toMatchObject({ content: 'claimed' });
    expect((await client.acknowledge(claimed.id, claim)).status).toBe(204);
    expect((await client.burn(burnt.id)).status).toBe(204);
    expect((await client.reveal(guarded.id, { passphrase: 'q' })).body).toMatchObject({ attemptsLeft: 4 });
    expect((await client.reveal(opened.id)).status).toBe(410);
    await db.config('SET', 'maxmemory', '0');
    expect((await client.tryCreate({ content: 'room again' })).status).toBe(201);
    client.close();
    await limited.stop();
  });
});

describe('a key that is not loaded', () => {
  it('is said, and nothing is burnt or counted', async () => {
    const [own = ''] = [portal.env.BURNBAG_KEYS];
    const other = `2:${Buffer.alloc(32, 'another key of 32 bytes').toString('base64')}`;
    const [app] = portal.apps;
    // A replica seals with no key that another one lacks: no other may have it before.
    process.kill(app?.pid ?? 0, 'SIGSTOP');
    await portal.db.del(REPLICAS_KEY);
    const rotated = await startApp({ env: { BURNBAG_KEYS: `${own},${other}` }, redisUrl: portal.redis.url });
    const newer = new Client(rotated.url);
    const { id } = await newer.create({ content: 'under key 2', passphrase: 'p' });
    process.kill(app?.pid ?? 0, 'SIGCONT');
    const before = await settledKeyspace(portal.db);
    for (const passphrase of ['p', 'q']) {
      const answer = await portal.client.reveal(id, { passphrase, claim: newClaim() });
      expect(answer).toMatchObject({ status: 503, body: { code: 'key_unavailable' } });
    }
    expect(await settledKeyspace(portal.db)).toEqual(before);
    expect(await portal.db.exists(keysOf(id).record)).toBe(1);
    expect((await newer.reveal(id, { passphrase: 'p' })).body).toMatchObject({ content: 'under key 2' });
    newer.close();
    await rotated.stop();
  });
});
