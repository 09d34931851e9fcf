import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openMonitor } from '../support/redis-monitor.js';
import { cli } from './kit/cli.js';
import { openPeoplePortal, type PeoplePortal } from './kit/people.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { expectProblem } from './kit/problems.js';

describe('an open portal', () => {
  let portal: Portal;
  beforeAll(async () => (portal = await openPortal()));
  afterAll(() => portal.close());
  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    portal.client.send(method, `/api/v1${path}`, { headers });

  it('lets every client create and read the statistics, without identities', async () => {
    expect((await send('GET', '/auth/session')).body).toEqual({
      authMode: 'open',
      signIn: { oidc: false, local: false },
      mayCreate: true,
      principal: { kind: 'anonymous' },
    });
    await portal.client.create();
    expect((await send('GET', '/stats')).status).toBe(200);
    expectProblem(await send('GET', '/tokens'), 401, 'sign_in_required');
  });

  it('has no provider and no administrator to sign in at', async () => {
    const away = await send('GET', '/auth/login?returnTo=/x');
    expect([away.status, away.headers.location]).toEqual([303, '/login?problem=sign_in_off&returnTo=%2Fx']);
    const { port } = new URL(portal.client.url);
    const headers = { origin: `http://localhost:${port}`, 'x-burnbag-csrf': '1' };
    const json = { username: 'root', password: 'any' };
    const answer = await portal.client.send('POST', '/api/v1/auth/local', { json, headers });
    expectProblem(answer, 404, 'local_sign_in_off');
  });

  it('asks Redis nothing about a request that carries neither cookie nor token', async () => {
    const monitor = await openMonitor(portal.redis.url);
    const asked = () =>
      monitor
        .commands()
        .filter(([name = '']) => /^eval/i.test(name))
        .flatMap((words) => words.filter((word) => /:(session|token):/.test(word)));
    for (let i = 0; i < 5; i += 1) await send('GET', '/policy', { cookie: 'another=1' });
    // The last one asks, so that the monitor has told everything before.
    await send('GET', '/policy', { cookie: `__Host-burnbag=${'A'.repeat(43)}` });
    await until(() => asked().length > 0);
    monitor.stop();
    expect(new Set(asked()).size).toBe(1);
  });
});

describe('while the provider is away', () => {
  let portal: PeoplePortal;
  beforeAll(async () => {
    portal = await openPeoplePortal();
    await portal.provider.stop();
  });
  afterAll(() => portal.close());

  it('every sign-in is refused with the reason; scripts create and anonymous readers open', async () => {
    const json = { content: 'goes on' };
    const stranger = await portal.client.send('POST', '/api/v1/secrets', { json });
    expectProblem(stranger, 401, 'sign_in_required');
    const away = await portal.client.send('GET', '/api/v1/auth/login?returnTo=/');
    expect([away.status, away.headers.location]).toEqual([
      303,
      '/login?problem=sign_in_unavailable&returnTo=%2F',
    ]);
    const env = { REDIS_URL: portal.redisUrl };
    const token = await cli(['token', 'create', '--name', 'script', '--scope', 'create'], env);
    const headers = { authorization: `Bearer ${token.out.trim()}` };
    const { status, body } = await portal.client.send('POST', '/api/v1/secrets', { json, headers });
    expect(status).toBe(201);
    expect((await portal.client.reveal(String(body.id))).body).toMatchObject(json);
  });

  it('who is signed in creates and signs out as ever', async () => {
    await portal.provider.start();
    const alice = await portal.signIn('alice');
    await portal.provider.stop();
    const json = { content: 'goes on' };
    const { status } = await portal.client.send('POST', '/api/v1/secrets', { json, headers: alice });
    expect(status).toBe(201);
    const out = await portal.client.send('POST', '/api/v1/auth/logout', { json: {}, headers: alice });
    expect(out.status).toBe(200);
  });
});
