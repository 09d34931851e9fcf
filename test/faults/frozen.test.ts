import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim } from '../int/kit/client.js';
import { openPortal, until, type Portal } from '../int/kit/portal.js';

const FREEZE_MS = 20_000;
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

describe('a Redis that is connected and says nothing', () => {
  it('costs a reader time, and no secret: the claim is answered after all', async () => {
    const { client, redis } = portal;
    const { id } = await client.create({ content: 'thawed' });
    const claim = newClaim();
    await redis.cli('CLIENT', 'PAUSE', String(FREEZE_MS), 'ALL');
    const began = performance.now();
    const frozen = await client.reveal(id, { claim });
    expect(frozen).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
    expect(performance.now() - began).toBeLessThan(FREEZE_MS);
    expect((await client.send('GET', '/health/live')).status).toBe(200);

    await until(async () => (await client.send('GET', '/health/ready')).status === 200, FREEZE_MS);
    expect((await client.reveal(id, { claim })).body).toMatchObject({ content: 'thawed' });
    expect(await client.reveal(id, { claim: newClaim() })).toMatchObject({ status: 410 });
  });
});
