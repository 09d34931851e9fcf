import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Client } from '../int/kit/client.js';
import { openPortal, type Portal } from '../int/kit/portal.js';
import { startApp } from '../support/app-process.js';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

describe('SIGTERM', () => {
  it('lets every request under way end, and exits 0', async () => {
    const leaving = await startApp({ env: portal.env, redisUrl: portal.redis.url });
    const client = new Client(leaving.url, 40);
    // Argon2id keeps them under way for about a second.
    const slow = Array.from({ length: 16 }, (_, n) => client.create({ content: `${n}`, passphrase: 'p' }));
    // Answered after them, on a connection that was opened after theirs: all of them have been read.
    await client.send('GET', '/health/live');
    const began = performance.now();
    const stopped = leaving.stop();
    const created = await Promise.all(slow);
    expect(await stopped).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    client.close();
    for (const { id } of created)
      expect((await portal.client.status(id)).body).toMatchObject({ state: 'live' });
    expect(leaving.output()).toContain('Burnbag has stopped (SIGTERM).');
  });

  it('does not wait for idle connections', async () => {
    const leaving = await startApp({ env: portal.env, redisUrl: portal.redis.url });
    const client = new Client(leaving.url, 20);
    await Promise.all(Array.from({ length: 20 }, () => client.create()));
    const began = performance.now();
    expect(await leaving.stop()).toBe(0);
    expect(performance.now() - began).toBeLessThan(3_000);
    client.close();
  });
});
