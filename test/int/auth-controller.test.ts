import { APP_FILTER } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';

import { OidcSignIn } from '../../src/auth/oidc/oidc.sign-in.js';
import { SignInController } from '../../src/auth/oidc/sign-in.controller.js';
import { signInRefused, signInUnavailable } from '../../src/auth/oidc/sign-in.errors.js';
import { RedisSessions } from '../../src/auth/sessions/redis-sessions.js';
import { SESSION_STORE, type SessionFacts } from '../../src/auth/sessions/session-store.port.js';
import { ProblemFilter } from '../../src/common/problem.filter.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import { ScriptRunner } from '../../src/redis/script.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { connectTo } from './kit/portal.js';

const ALICE: SessionFacts = { subject: 'alice', isAdmin: false, via: 'oidc' };
let redis: TestRedis;
let db: Redis;
let app: NestFastifyApplication;
let failure: Error | undefined;
let finished: unknown[];

/** The provider's part, which auth-oidc.test.ts shows with a real one. */
const provider: Pick<OidcSignIn, 'begin' | 'finish' | 'logoutUrl'> = {
  begin: () =>
    failure ? Promise.reject(failure) : Promise.resolve({ url: 'https://id.example/auth', cookie: 'a=b' }),
  finish: (...args) => {
    finished.push(args);
    return failure ? Promise.reject(failure) : Promise.resolve({ facts: ALICE, returnTo: '/s/x' });
  },
  logoutUrl: () => Promise.resolve(failure ? undefined : 'https://id.example/end'),
};

beforeAll(async () => {
  redis = await startRedis();
  db = connectTo(redis);
  const runner = new ScriptRunner(db, true, () => undefined);
  const limits = { idleMs: 60_000, mostMs: 60_000 };
  const module = await Test.createTestingModule({
    controllers: [SignInController],
    providers: [
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: OidcSignIn, useValue: provider },
      { provide: SESSION_STORE, useValue: new RedisSessions(runner, systemRandom, limits) },
    ],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.init();
});
beforeEach(async () => {
  await db.flushall();
  failure = undefined;
  finished = [];
});
afterAll(async () => {
  await app.close();
  db.disconnect();
  await redis.stop();
});

const get = (url: string, cookie = '') => app.inject({ url, headers: { cookie } });
/** Signs in. @returns the Cookie header that a browser sends from now on */
async function signedIn(cookie = ''): Promise<string> {
  const answer = await get('/auth/callback?code=c&state=s', cookie);
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

describe('the way to the provider and back', () => {
  it('goes on with redirects that no cache keeps', async () => {
    const away = await get('/auth/login?returnTo=/s/x');
    expect([away.statusCode, away.headers.location]).toEqual([303, 'https://id.example/auth']);
    expect(away.headers).toMatchObject({ 'cache-control': 'no-store', 'set-cookie': 'a=b' });
    const back = await get('/auth/callback?code=c&state=s?', '__Host-burnbag-sign-in=token');
    expect(finished).toEqual([['code=c&state=s?', 'token']]);
    expect([back.statusCode, back.headers.location]).toEqual([303, '/s/x']);
    expect(back.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-burnbag=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
      expect.stringMatching(/^__Host-burnbag-sign-in=; .*Max-Age=0$/),
    ]);
  });

  it('leads to the login page with a problem’s code, and makes no session', async () => {
    failure = signInUnavailable();
    const away = await get('/auth/login?returnTo=/s/x');
    expect([away.statusCode, away.headers.location]).toEqual([
      303,
      '/login?problem=sign_in_unavailable&returnTo=%2Fs%2Fx',
    ]);
    expect((await get('/auth/login?returnTo=//evil.example')).headers.location).not.toContain('evil');
    failure = signInRefused();
    const back = await get('/auth/callback?code=c&state=s');
    expect(back.headers.location).toBe('/login?problem=sign_in_refused');
    expect(back.headers['set-cookie']).toBeUndefined();
    expect(await db.keys('*')).toEqual([]);
  });

  it('hides no mistake of ours', async () => {
    failure = new Error('any');
    expect((await get('/auth/login')).statusCode).toBe(500);
  });
});

describe('a session of the browser', () => {
  it('is another one after each sign-in; the cookie from before is worthless', async () => {
    const planted = await signedIn();
    const fresh = await signedIn(planted);
    expect(fresh).not.toBe(planted);
    expect((await get('/auth/session', planted)).json()).toEqual({ kind: 'anonymous' });
    expect((await get('/auth/session', fresh)).json()).toMatchObject({ kind: 'person', subject: 'alice' });
  });

  it.each([undefined, signInUnavailable()])(
    'is over after the sign-out, provider or not',
    async (trouble) => {
      const cookie = await signedIn();
      failure = trouble;
      const out = await app.inject({ method: 'POST', url: '/auth/logout', headers: { cookie } });
      expect([out.statusCode, out.json()]).toEqual([
        200,
        { logoutUrl: trouble ? null : 'https://id.example/end' },
      ]);
      expect(out.headers['set-cookie']).toMatch(/^__Host-burnbag=; .*Max-Age=0$/);
      expect((await get('/auth/session', cookie)).json()).toEqual({ kind: 'anonymous' });
      expect(await db.keys('*')).toEqual([]);
    },
  );

  it('is told to no cache, and nobody is anonymous', async () => {
    const answer = await get('/auth/session');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toEqual({ kind: 'anonymous' });
  });
});
