import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Client, newClaim } from './kit/client.js';
import { keysOf, newKeys, openPortal, until, type Portal } from './kit/portal.js';
import { startApp } from '../support/app-process.js';
import { startRedis } from '../support/redis-server.js';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({ env: { PASSPHRASE_ATTEMPTS: '1' } });
});
afterAll(() => portal.close());

const actions = (body: Readonly<Record<string, unknown>>) =>
  (body.timeline as { action: string }[]).map(({ action }) => action);

describe('a receipt shows its sender the end of the secret', () => {
  it('while it is live, and never what it is', async () => {
    const made = await portal.client.create({ content: 'zebra', maxViews: 2 });
    const { body, text } = await portal.client.receipt(made.receiptToken);
    expect(body).toMatchObject({
      ref: made.ref,
      state: 'live',
      expiresAt: made.expiresAt,
      viewsLeft: 2,
      maxViews: 2,
    });
    expect(actions(body)).toEqual(['created']);
    expect(text).not.toContain(made.id);
    expect(text).not.toContain('zebra');
  });

  it('when it is claimed, and when it is gone, with the time', async () => {
    const { id, receiptToken } = await portal.client.create();
    const claim = newClaim();
    await portal.client.reveal(id, { claim });
    expect((await portal.client.receipt(receiptToken)).body).toMatchObject({
      state: 'claimed',
      viewsLeft: 0,
    });
    await portal.client.acknowledge(id, claim);
    const { body } = await portal.client.receipt(receiptToken);
    expect(body).toMatchObject({ state: 'viewed', endedAt: expect.stringMatching(/Z$/) });
    // The acknowledgement may be on its way to the trail still.
    expect(actions(body).slice(0, 2)).toEqual(['created', 'viewed']);
  });

  it('when it was burned, or is locked, or has expired', async () => {
    const burnt = await portal.client.create();
    await portal.client.burn(burnt.id);
    expect((await portal.client.receipt(burnt.receiptToken)).body).toMatchObject({ state: 'burned' });
    const locked = await portal.client.create({ passphrase: 'p' });
    await portal.client.reveal(locked.id, { passphrase: 'q' });
    expect((await portal.client.receipt(locked.receiptToken)).body).toMatchObject({
      state: 'locked',
      retryAt: expect.stringMatching(/Z$/),
    });
    const brief = await portal.client.create({ ttlSeconds: 1 });
    await until(async () => (await portal.db.exists(keysOf(brief.id).record)) === 0, 10_000);
    const { body } = await portal.client.receipt(brief.receiptToken);
    expect(body).toMatchObject({ state: 'expired' });
    // Once the trail tells of it, reckoned from the time of the store: not that of the app, but near to it.
    expect(Math.abs(Date.parse(String(body.endedAt)) - Date.parse(brief.expiresAt))).toBeLessThan(5_000);
    expect(actions(body)).toEqual(['created', 'expired']);
  });

  it('but not for another installation', async () => {
    const { receiptToken } = await portal.client.create();
    const redis = await startRedis();
    const elsewhere = await startApp({ env: { BURNBAG_KEYS: newKeys() }, redisUrl: redis.url });
    const client = new Client(elsewhere.url);
    expect(await client.receipt(receiptToken)).toMatchObject({
      status: 404,
      body: { code: 'receipt_invalid' },
    });
    client.close();
    await elsewhere.stop();
  });
});
