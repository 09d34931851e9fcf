import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim } from './kit/client.js';
import { openPortal, until, type Portal } from './kit/portal.js';

const PACKAGE = new URL('../../package.json', import.meta.url);

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({
    env: { RATE_LIMIT: 'on', RATE_LIMIT_CREATE: '6', RATE_LIMIT_REVEAL: '10000' },
  });
});
afterAll(() => portal.close());

async function metrics(): Promise<string> {
  return (await portal.client.send('GET', '/metrics')).text;
}

function value(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

describe('the metrics', () => {
  it('count what happened, and name no person', async () => {
    const { client } = portal;
    const ids: string[] = [];
    const create = async (fields = {}) => {
      const made = await client.create(fields);
      ids.push(made.id, made.ref, made.receiptToken);
      return made;
    };
    const [viewed, leased, burnt, guarded] = [
      await create(),
      await create({ content: 'leased' }),
      await create(),
      await create({ passphrase: 'p' }),
    ];
    await client.get(viewed.id);
    await client.get(viewed.id);
    const claim = newClaim();
    await client.reveal(leased.id, { claim });
    await client.reveal(leased.id, { claim });
    await client.reveal(leased.id, { claim });
    await client.acknowledge(leased.id, claim);
    await client.burn(burnt.id);
    for (let guess = 0; guess < 6; guess++) await client.reveal(guarded.id, { passphrase: 'q' });
    for (let n = 0; n < 5; n++) await client.tryCreate({ content: 'x' });

    // The time of a request is counted when its answer has left, which may be after it was heard.
    await until(async () => value(await metrics(), 'burnbag_rate_limited_total{kind="create"}') === 3);
    const text = await metrics();
    expect({
      created: value(text, 'burnbag_secrets_created_total{sealed="false"}'),
      viewed: value(text, 'burnbag_burns_total{outcome="viewed"}'),
      leased: value(text, 'burnbag_burns_total{outcome="leased"}'),
      acknowledged: value(text, 'burnbag_burns_total{outcome="acknowledged"}'),
      burned: value(text, 'burnbag_burns_total{outcome="burned"}'),
      gone: value(text, 'burnbag_refusals_total{reason="gone"}'),
      wrong: value(text, 'burnbag_refusals_total{reason="wrong"}'),
      retries: value(text, 'burnbag_claim_retries_total'),
      lockouts: value(text, 'burnbag_lockouts_total'),
      limited: value(text, 'burnbag_rate_limited_total{kind="create"}'),
      storeUp: value(text, 'burnbag_store_up'),
    }).toEqual({
      created: 6,
      viewed: 1,
      leased: 1,
      acknowledged: 1,
      burned: 1,
      gone: 1,
      wrong: 5,
      retries: 2,
      lockouts: 1,
      limited: 3,
      storeUp: 1,
    });
    expect(text).toMatch(/burnbag_redis_script_duration_seconds_count\{script="claim-secret"\} \d+/);
    expect(text).toMatch(
      /burnbag_http_request_duration_seconds_count\{[^}]*route="\/api\/v1\/secrets\/:id\/reveal"/,
    );
    for (const id of ids) expect(text).not.toContain(id);
    expect(text).not.toMatch(/127\.0\.0\.1|[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('count requests that were refused before their handler, too', async () => {
    await portal.client.send('POST', '/api/v1/secrets', { json: { content: 'over the limit' } });
    await until(async () => /route="\/api\/v1\/secrets",status="429"/.test(await metrics()));
    await portal.client.send('POST', '/api/v1/secrets', { text: '{' });
    await until(async () => /route="\/api\/v1\/secrets",status="400"/.test(await metrics()));
  });
});

describe('health', () => {
  it('is reported to probes, without details', async () => {
    expect((await portal.client.send('GET', '/health/live')).body).toEqual({ status: 'ok' });
    expect((await portal.client.send('GET', '/health/ready')).body).toEqual({ status: 'ok' });
    const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
    const { body } = await portal.client.send('GET', '/health');
    expect(body).toEqual({
      status: 'ok',
      checks: {
        redis: 'up',
        clock: { differenceMs: expect.any(Number), state: 'ok' },
        trail: 'ok',
        outbox: {
          events: expect.any(Number),
          oldestSeconds: expect.any(Number),
          filledPercent: expect.any(Number),
        },
        setAsideEvents: 0,
      },
      version,
      uptimeSeconds: expect.any(Number),
    });
  });
});
