import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim } from '../int/kit/client.js';
import { keysOf, openPortal, until, type Portal } from '../int/kit/portal.js';
import { revealRequest, ConcurrentRequests } from './concurrent-requests.js';

const READERS = 100;
let portal: Portal;
let requests: ConcurrentRequests;

beforeAll(async () => {
  portal = await openPortal({ apps: 2, env: { CLAIM_LEASE_SECONDS: '30' } });
  requests = await ConcurrentRequests.open(
    portal.apps.map(({ url }) => url),
    READERS,
  );
});
afterAll(() => {
  requests.close();
  return portal.close();
});

const count = (shots: readonly { status: number }[], status: number) =>
  shots.filter((shot) => shot.status === status).length;

describe('gives a secret of three views', () => {
  it('to exactly three of a hundred readers', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await portal.client.create({ maxViews: 3 });
      const shots = await requests.fire(() => revealRequest(id));
      expect([count(shots, 200), count(shots, 410)]).toEqual([3, READERS - 3]);
      const left = shots.flatMap(({ status, body }) => (status === 200 ? [JSON.parse(body).viewsLeft] : []));
      expect(left.sort()).toEqual([0, 1, 2]);
      expect(await portal.db.exists(keysOf(id).record)).toBe(0);
    }
  });

  it('to exactly three claims, however often each of them retries at once', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await portal.client.create({ maxViews: 3 });
      // 25 claimants, each on four connections at the same time: a retry that overtakes its own first try.
      const claims = Array.from({ length: 25 }, newClaim);
      const shots = await requests.fire((at) => revealRequest(id, { claim: claims[at % 25] }));
      const winners = new Set(shots.flatMap(({ status }, at) => (status === 200 ? [at % 25] : [])));
      expect(winners.size).toBe(3);
      expect(count(shots, 200)).toBe(12);
      for (const at of winners) {
        expect(await portal.db.exists(keysOf(id).record)).toBe(1);
        await portal.client.acknowledge(id, claims[at] ?? '');
      }
      expect(await portal.db.exists(keysOf(id).record)).toBe(0);
    }
  });

  it('until its time is up, whichever comes first', async () => {
    const { id } = await portal.client.create({ maxViews: 3, ttlSeconds: 3 });
    expect((await portal.client.reveal(id)).body).toMatchObject({ viewsLeft: 2 });
    await until(async () => (await portal.db.exists(keysOf(id).record)) === 0, 3_500);
    const shots = await requests.fire(() => revealRequest(id));
    // Unknown at first; once the trail has its end, that is told.
    const expired = shots.filter(
      ({ status, body }) => status === 410 && JSON.parse(body).reason === 'expired',
    );
    expect(count(shots, 404) + expired.length).toBe(READERS);
  });
});

describe('a burn that races with readers', () => {
  it('wins whole or loses whole', async () => {
    for (let round = 0; round < 40; round++) {
      const { id, receiptToken } = await portal.client.create();
      const burn = portal.client.send('DELETE', `/api/v1/receipts/${receiptToken}`);
      const [burnt, shots] = await Promise.all([burn, requests.fire(() => revealRequest(id))]);
      expect(count(shots, 200)).toBe(burnt.status === 204 ? 0 : 1);
      expect([204, 410]).toContain(burnt.status);
    }
  });
});
