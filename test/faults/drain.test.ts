import { once } from 'node:events';
import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Client } from '../int/kit/client.js';
import { openPortal, until, type Portal } from '../int/kit/portal.js';
import { startApp } from '../support/app-process.js';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

describe('SIGTERM', () => {
  it('lets every request under way end, and exits 0', async () => {
    // More than they take on a busy machine: an end by force would be an exit code of 1.
    const env = { ...portal.env, SHUTDOWN_DRAIN_SECONDS: '120' };
    const leaving = await startApp({ env, redisUrl: portal.redis.url });
    const client = new Client(leaving.url, 40);
    // Argon2id keeps them under way for about a second.
    const slow = Array.from({ length: 16 }, (_, n) => client.create({ content: `${n}`, passphrase: 'p' }));
    // Answered after them, on a connection that was opened after theirs: all of them have been read.
    await client.send('GET', '/health/live');
    const stopped = leaving.stop();
    const created = await Promise.all(slow);
    expect(await stopped).toBe(0);
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
    expect(performance.now() - began).toBeLessThan(10_000);
    client.close();
  });

  it('does not wait for connections that never said anything', async () => {
    const leaving = await startApp({ env: portal.env, redisUrl: portal.redis.url });
    const silent = connect(Number(new URL(leaving.url).port), '127.0.0.1');
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    expect(await leaving.stop()).toBe(0);
    await closed;
  });

  it('is seen by balancers before anything is refused, and by clients with open connections', async () => {
    const env = { ...portal.env, SHUTDOWN_DELAY_SECONDS: '300' };
    const leaving = await startApp({ env, redisUrl: portal.redis.url });
    const client = new Client(leaving.url, 1);
    expect((await client.status((await client.create()).id)).headers.connection).toBe('keep-alive');
    process.kill(leaving.pid, 'SIGTERM');
    await until(async () => (await client.send('GET', '/health/ready')).status === 503, 30_000);
    expect((await client.send('GET', '/health/ready')).body).toEqual({ status: 'draining' });
    expect((await client.send('GET', '/health/live')).status).toBe(200);
    // Old connections and new ones are served, and each for the last time.
    const late = await client.tryCreate({ content: 'late' });
    expect([late.status, late.headers.connection]).toEqual([201, 'close']);
    // A second signal does not wait for balancers any more.
    expect(await leaving.stop()).toBe(0);
    client.close();
  });
});
