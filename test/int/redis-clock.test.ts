import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim, type Answer } from './kit/client.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';
import { tryBegin } from './kit/uploads.js';

const SHIFT = new URL('../support/shift-clock.mjs', import.meta.url).href;
const HOUR_MS = 3_600_000;
const TTL_SECONDS = 7_200;
/** What a request may take under load; the clocks below are an hour apart. */
const CLOSE_MS = 20_000;
const LEASE_SECONDS = 600;

const at = (value: unknown) => Date.parse(String(value));
const expectNear = (value: unknown, expected: number) =>
  expect(Math.abs(at(value) - expected)).toBeLessThan(CLOSE_MS);

function metric(text: string): number {
  return Number(/^burnbag_clock_difference_seconds (\S+)$/m.exec(text)?.[1]);
}

const shifted = (ms: number): Promise<Portal> =>
  openPortal({
    env: {
      NODE_OPTIONS: `--import=${SHIFT}`,
      CLOCK_SHIFT_MS: String(ms),
      CLAIM_LEASE_SECONDS: String(LEASE_SECONDS),
      UPLOAD_IDLE_SECONDS: String(TTL_SECONDS),
      PASSPHRASE_ATTEMPTS: '1',
      PASSPHRASE_LOCK_SECONDS: '900',
    },
  });

// The clock of this process is that of Redis: both are on one machine.
describe.each([
  ['ahead of', HOUR_MS],
  ['behind', -HOUR_MS],
])('an app whose clock is an hour %s that of Redis', (_, shiftMs) => {
  let portal: Portal;
  beforeAll(async () => (portal = await shifted(shiftMs)));
  afterAll(() => portal.close());

  it('tells the end of a secret by the clock that ends it', async () => {
    const made = await portal.client.create({ ttlSeconds: TTL_SECONDS });
    expectNear(made.expiresAt, Date.now() + TTL_SECONDS * 1000);
    // What is told is what Redis does, but for the way of one request.
    const ends = await portal.db.pexpiretime(keysOf(made.id).record);
    expect(Math.abs(ends - at(made.expiresAt))).toBeLessThan(1_100);
    expect((await portal.client.status(made.id)).body['expiresAt']).toBe(made.expiresAt);
    const { body } = await portal.client.receipt(made.receiptToken);
    expect(body['expiresAt']).toBe(made.expiresAt);
    expectNear(body['createdAt'], Date.now());
  });

  it('tells leases, ends and locks by it', async () => {
    const { id } = await portal.client.create();
    const claim = newClaim();
    const opened = await portal.client.reveal(id, { claim });
    expectNear(opened.body['leaseExpiresAt'], Date.now() + LEASE_SECONDS * 1000);
    await portal.client.acknowledge(id, claim);
    expectNear((await portal.client.reveal(id)).body['at'], Date.now());
    const guarded = await portal.client.create({ passphrase: 'correct horse battery' });
    await portal.client.reveal(guarded.id, { passphrase: 'wrong' });
    const locked = await portal.client.reveal(guarded.id, { passphrase: 'correct horse battery' });
    expect(locked.status).toBe(423);
    expectNear(locked.body['retryAt'], Date.now() + 900_000);
    expectNear((await portal.client.status(guarded.id)).body['retryAt'], Date.now() + 900_000);
  });

  it('tells a receipt that a secret has expired as soon as it has', async () => {
    const made = await portal.client.create({ ttlSeconds: 1 });
    const receipt = () => portal.client.receipt(made.receiptToken);
    await until(async () => (await receipt()).body['state'] !== 'live');
    expect((await receipt()).body).toMatchObject({ state: 'expired', endedAt: made.expiresAt });
    expect((await portal.client.reveal(made.id)).status).toBe(404);
  });

  it('tells the end of an upload, and the hours of the statistics by it', async () => {
    const begun: Answer = await tryBegin(portal.client, 10);
    expect(at(begun.headers['upload-expires'])).toBeGreaterThan(Date.now());
    expectNear(begun.headers['upload-expires'], Date.now() + TTL_SECONDS * 1000);
    expectNear((await portal.client.send('GET', '/api/v1/stats')).body['asOf'], Date.now());
  });

  it('says so: in health, in a metric and in the log, and serves on', async () => {
    const health = await portal.client.send('GET', '/health');
    expect(health).toMatchObject({ status: 200, body: { checks: { clock: { state: 'apart' } } } });
    const { checks } = health.body as { checks: { clock: { differenceMs: number } } };
    expect(Math.abs(checks.clock.differenceMs - shiftMs)).toBeLessThan(CLOSE_MS);
    const { text } = await portal.client.send('GET', '/metrics');
    expect(Math.abs(metric(text) * 1000 - shiftMs)).toBeLessThan(CLOSE_MS);
    const [app] = portal.apps;
    const said = () => app?.output().match(/"level":"warn".*clock and that of Redis are apart/g) ?? [];
    await until(() => said().length > 0);
    await portal.client.send('GET', '/health');
    expect(said()).toHaveLength(1);
  });
});

describe('an app whose clock is that of Redis', () => {
  let portal: Portal;
  beforeAll(async () => (portal = await shifted(0)));
  afterAll(() => portal.close());

  it('warns of nothing', async () => {
    const { body } = await portal.client.send('GET', '/health');
    expect(body).toMatchObject({ status: 'ok', checks: { clock: { state: 'ok' } } });
    expect(portal.apps[0]?.output()).not.toContain('are apart');
  });

  it('tells the right end also right after a clock was set', async () => {
    const [app] = portal.apps;
    if (!app) throw new Error('a portal has an app');
    process.kill(app.pid, 'SIGUSR2');
    for (let round = 0; round < 5; round += 1) {
      const made = await portal.client.create({ ttlSeconds: TTL_SECONDS });
      expectNear(made.expiresAt, Date.now() + TTL_SECONDS * 1000);
      expect((await portal.client.reveal(made.id)).body).toMatchObject({ content: 'a secret' });
    }
  });
});
