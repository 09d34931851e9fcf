import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { openPortal, until, type Portal } from './kit/portal.js';

const LIMITS = { RATE_LIMIT_CREATE: '5', RATE_LIMIT_REVEAL: '10', RATE_LIMIT_STATUS: '15' };
const BLOCK_SECONDS = 5;
const BRIEF = { RATE_LIMIT_BLOCK_SECONDS: String(BLOCK_SECONDS) };
const MISSING = '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11';
let portal: Portal;
let proxied: Portal;
let brief: Portal;

beforeAll(async () => {
  const env = { RATE_LIMIT: 'on', ...LIMITS };
  [portal, proxied, brief] = await Promise.all([
    openPortal({ apps: 2, env }),
    openPortal({ env: { ...env, TRUST_PROXY: 'loopback,10.0.0.0/8' } }),
    openPortal({ env: { ...env, ...BRIEF } }),
  ]);
});
beforeEach(() => Promise.all([portal, proxied, brief].map(forgetHits)));
afterAll(() => Promise.all([portal.close(), proxied.close(), brief.close()]));

/** Removes counters only: an empty Redis would count as one that has gone back in time. */
async function forgetHits({ db }: Portal): Promise<void> {
  const keys = await db.keys('*:l:*');
  if (keys.length > 0) await db.del(...keys);
}

const create = (from: Portal, at = 0, forwarded?: string) =>
  (from.clients[at] ?? from.client).send('POST', '/api/v1/secrets', {
    json: { content: 'x' },
    headers: forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded },
  });

async function passed(count: number, ask: (n: number) => Promise<{ status: number }>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, (_, n) => ask(n)));
  return answers.filter(({ status }) => status !== 429).length;
}

describe('a limit', () => {
  it('lets exactly the limit of many parallel requests pass, over two processes', async () => {
    expect(await passed(60, (n) => create(portal, n % 2))).toBe(5);
  });

  it('is one for each kind of request', async () => {
    expect(await passed(30, () => create(portal))).toBe(5);
    const opening = [
      () => portal.client.get(MISSING),
      () => portal.client.reveal(MISSING),
      () => portal.client.burn(MISSING),
      () => portal.client.acknowledge(MISSING, 'A'.repeat(22)),
    ];
    expect(await passed(40, (n) => (opening[n % 4] ?? create.bind(null, portal))())).toBe(10);
    const looking = [
      () => portal.client.status(MISSING),
      () => portal.client.head(MISSING),
      () => portal.client.receipt('x'),
    ];
    expect(await passed(45, (n) => (looking[n % 3] ?? create.bind(null, portal))())).toBe(15);
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect(await passed(40, () => portal.client.send('GET', path))).toBe(40);
    }
  });

  it('says when to come back, and then serves again', async () => {
    await passed(6, () => create(brief));
    const refused = await create(brief);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(BLOCK_SECONDS);
    expect(refused.body.retryAfterSeconds).toBe(seconds);
    // Asking again while blocked does not prolong the block.
    await until(async () => (await create(brief)).status === 201, 20_000);
  });

  it('touches no secret when it refuses', async () => {
    const { id } = await brief.client.create({ content: 'still there' });
    await passed(12, () => brief.client.get(MISSING));
    expect((await brief.client.get(id)).status).toBe(429);
    await until(async () => (await brief.client.get(MISSING)).status !== 429, 20_000);
    expect((await brief.client.get(id)).body).toMatchObject({ content: 'still there' });
  });

  it('keeps neither an address nor an id in Redis', async () => {
    const { id } = await proxied.client.create();
    await create(proxied, 0, '203.0.113.77');
    await proxied.client.get(id);
    const keys = (await proxied.db.keys('*')).join('\n');
    expect(keys).toMatch(/bb:\{0[0-9a-f]\}:l:create:/);
    expect(keys).not.toContain('203.0.113');
    expect(keys).not.toContain('127.0.0.1');
    expect(keys).not.toContain(id.replaceAll('-', ''));
    for (const key of await proxied.db.keys('*:l:*')) expect(await proxied.db.pttl(key)).toBeGreaterThan(0);
  });
});

describe('the address of a client', () => {
  it('is that of the connection when no proxy is trusted, whatever the headers say', async () => {
    expect(await passed(30, (n) => create(portal, 0, `203.0.113.${n}`))).toBe(5);
  });

  it('is what the trusted proxy adds', async () => {
    expect(await passed(30, (n) => create(proxied, 0, `203.0.113.${n % 3}`))).toBe(15);
  });

  it('cannot be chosen by a client behind the proxy: only the rightmost untrusted one counts', async () => {
    expect(await passed(30, (n) => create(proxied, 0, `198.51.100.${n}, 203.0.113.9`))).toBe(5);
    expect(await passed(30, (n) => create(proxied, 0, `198.51.100.${n}, 203.0.113.9, 10.1.2.3`))).toBe(0);
    expect(await passed(30, (n) => create(proxied, 0, `10.0.0.${n}, 203.0.113.8, 10.9.9.9`))).toBe(5);
  });

  it('is the /64 network of an IPv6 client, who owns all of it', async () => {
    expect(await passed(30, (n) => create(proxied, 0, `2001:db8:1:2::${(n + 1).toString(16)}`))).toBe(5);
    expect(await passed(10, (n) => create(proxied, 0, `2001:db8:1:3::${(n + 1).toString(16)}`))).toBe(5);
  });

  it('may be nonsense without harm', async () => {
    for (const forwarded of [
      '',
      ',,,',
      'unknown',
      '999.1.1.1',
      'a'.repeat(2_000),
      '::ffff:203.0.113.1',
      '[::1]:80',
    ]) {
      expect([201, 429]).toContain((await create(proxied, 0, forwarded)).status);
    }
  });
});
