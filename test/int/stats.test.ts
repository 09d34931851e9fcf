import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sampledDatabases } from '../support/database-matrix.js';
import { startPostgres } from '../support/postgres-server.js';
import { newClaim } from './kit/client.js';
import { expectProblem } from './kit/problems.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { caughtUp } from './kit/recorded.js';

const HOUR_MS = 3_600_000;
const LIMITS = {
  RATE_LIMIT: 'on',
  RATE_LIMIT_CREATE: '8',
  RATE_LIMIT_REVEAL: '13',
  RATE_LIMIT_STATUS: '10000',
};
const NOTHING = {
  created: 0,
  viewed: 0,
  burned: 0,
  expired: 0,
  locked: 0,
  failedAttempts: 0,
  rateLimited: 0,
};

type Span = Readonly<Record<string, number>> & { readonly start: string };

describe.each(sampledDatabases())('the statistics, from $name', (engine) => {
  let portal: Portal;

  beforeAll(async () => {
    portal = await openPortal({
      env: { ...LIMITS, PASSPHRASE_ATTEMPTS: '3' },
      engine,
    });
  });
  afterAll(() => portal.close());
  const stats = () => portal.client.send('GET', '/api/v1/stats');

  it('are nothing at first, over 48 hours and 31 days that end now', async () => {
    const { status, body } = await stats();
    expect(status).toBe(200);
    expect(body).toMatchObject({ liveNow: 0, total: NOTHING });
    for (const [spans, count, length] of [
      [body.hours, 48, HOUR_MS],
      [body.days, 31, 24 * HOUR_MS],
    ] as [Span[], number, number][]) {
      expect(spans).toHaveLength(count);
      const asOf = Date.parse(String(body.asOf));
      spans.forEach(({ start, ...counts }, index) => {
        const from = (Math.floor(asOf / length) - count + 1 + index) * length;
        expect({ start, ...counts }).toEqual({ start: new Date(from).toISOString(), ...NOTHING });
      });
    }
  });

  it('count what happened, exactly', async () => {
    const { client } = portal;
    const started = Date.now();
    const brief = await client.create({ ttlSeconds: 1 });
    const [viewed, leased, burnt] = [await client.create(), await client.create(), await client.create()];
    const [guarded, revoked] = [await client.create({ passphrase: 'p' }), await client.create()];
    await client.create({ maxViews: 2 });
    await client.create();
    // Of a kind of request the limits let this number pass; the others are counted as refused.
    const tooMany = await Promise.all(Array.from({ length: 5 }, () => client.tryCreate({ content: 'x' })));
    expect(tooMany.map(({ status }) => status)).toEqual([429, 429, 429, 429, 429]);
    const claim = newClaim();
    await client.get(viewed.id);
    await client.get(viewed.id);
    await client.reveal(leased.id, { claim });
    await client.reveal(leased.id, { claim });
    await client.acknowledge(leased.id, claim);
    await client.burn(burnt.id);
    await client.burn(revoked.id, { headers: { 'X-Receipt-Token': revoked.receiptToken } });
    for (let guess = 0; guess < 4; guess += 1) await client.reveal(guarded.id, { passphrase: 'q' });
    await client.burn(viewed.id);
    await client.acknowledge(viewed.id, claim);
    expect((await client.get(brief.id)).status).toBe(429);
    expect((await client.get(brief.id)).status).toBe(429);

    const total = {
      created: 8,
      viewed: 2,
      burned: 2,
      expired: 1,
      locked: 1,
      failedAttempts: 3,
      rateLimited: 7,
    };
    await until(async () => Number((await stats()).body.total?.['expired' as never]) === 1);
    await caughtUp(portal);
    const { body } = await stats();
    // Live are the guarded one, that of two views and the last one.
    expect(body).toMatchObject({ liveNow: 3, total });
    const [hours, days] = [body.hours as Span[], body.days as Span[]];
    const isOneHour = Math.floor(started / HOUR_MS) === Math.floor(Date.now() / HOUR_MS);
    if (isOneHour) expect(hours.at(-1)).toMatchObject(total);
    for (const spans of [hours, days]) {
      for (const [name, count] of Object.entries(total)) {
        expect(spans.reduce((sum, span) => sum + (span[name] ?? 0), 0)).toBe(count);
      }
    }
  });
});

describe('the statistics while PostgreSQL is away', () => {
  it('are a problem that says to come back', async () => {
    const postgres = await startPostgres();
    const portal = await openPortal({ env: { DATABASE_URL: postgres.url } });
    await postgres.kill9();
    const answer = await portal.client.send('GET', '/api/v1/stats');
    expectProblem(answer, 503, 'store_unavailable');
    expect(answer.headers['retry-after']).toBeDefined();
    await postgres.restart();
    await until(async () => (await portal.client.send('GET', '/api/v1/stats')).status === 200);
    await portal.close();
  });
});
