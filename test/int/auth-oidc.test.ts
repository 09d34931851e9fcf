import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Redis } from 'ioredis';

import { OidcDiscovery } from '../../src/auth/oidc/oidc.discovery.js';
import { OidcSignIn } from '../../src/auth/oidc/oidc.sign-in.js';
import { RedisSignIns } from '../../src/auth/oidc/redis-sign-ins.js';
import { systemClock } from '../../src/common/clock.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { freePort } from '../support/free-port.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { TEST_CLIENT, TestProvider, type People } from '../support/test-provider.js';
import { CookieClient } from '../support/cookie-client.js';
import { connectTo } from './kit/portal.js';

const CALLBACK = 'http://localhost:3000/api/v1/auth/callback';
const SIGNED_OUT = 'http://localhost:3000/';
const CLIENT = TEST_CLIENT;
const PEOPLE: People = {
  alice: { name: 'Alice', email: 'Alice@Corp.example', email_verified: true, groups: ['staff', 'ops'] },
  mallory: { name: 'Mallory', email: 'alice@corp.example', email_verified: false, groups: ['staff'] },
};

let redis: TestRedis;
let db: Redis;
let provider: TestProvider;
let warnings: unknown[];

beforeAll(async () => {
  // The provider's advice about its development pages.
  for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockReturnValue();
  redis = await startRedis();
  db = connectTo(redis);
  const port = await freePort();
  provider = new TestProvider({ port, callback: CALLBACK, signedOut: SIGNED_OUT, people: PEOPLE });
  await provider.start();
});
beforeEach(async () => {
  await db.flushall();
  provider.idTokenSeconds = 3_600;
  warnings = [];
  for (const level of ['warn', 'error'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation((...line) => void warnings.push(line));
  }
});
afterAll(async () => {
  jest.restoreAllMocks();
  db.disconnect();
  await provider.stop();
  await redis.stop();
});

function signInBy(client = CLIENT): OidcSignIn {
  const store = new RedisSignIns(new ScriptRunner(db, true, () => undefined));
  const discovery = new OidcDiscovery({ issuer: provider.issuer, ...client }, systemClock);
  return new OidcSignIn(discovery, store, systemRandom, {
    scopes: 'openid email profile groups',
    adminClaim: 'groups=ops',
    callbackUrl: CALLBACK,
    afterLogoutUrl: SIGNED_OUT,
  });
}

/** Begins a sign-in; `back` takes it through the provider to the query of the callback. */
async function begin(returnTo: unknown = '/', signIn = signInBy()) {
  const { url, cookie } = await signIn.begin(returnTo);
  const value = /^__Host-burnbag-sign-in=([^;]+);/.exec(cookie)?.[1] ?? '';
  const back = (login = 'alice', changes = {}): Promise<string> =>
    new CookieClient().signIn(
      `${url.split('?')[0]}?${changed(new URL(url).search, changes)}`,
      CALLBACK,
      login,
    );
  return { url, cookie, value, back, finish: (query: string, own = value) => signIn.finish(query, own) };
}

function changed(query: string, changes: Readonly<Record<string, string>>): string {
  return new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(query)), ...changes }).toString();
}

const EXPIRED = { kind: { code: 'sign_in_expired', status: 400 } };
const REFUSED = { kind: { code: 'sign_in_refused', status: 403 } };
const UNAVAILABLE = { kind: { code: 'sign_in_unavailable', status: 503 } };

describe('a sign-in at a real provider', () => {
  it('tells who it is, with the verified address, and leads back', async () => {
    const { url, cookie, back, finish } = await begin('/s/6f1c0a52?x=1');
    const asked = new URL(url).searchParams;
    const code = { response_type: 'code', code_challenge_method: 'S256', redirect_uri: CALLBACK };
    expect(Object.fromEntries(asked)).toMatchObject(code);
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
    expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Lax; Max-Age=600$/);
    expect(await finish(await back())).toEqual({
      facts: { subject: 'alice', name: 'Alice', email: 'alice@corp.example', isAdmin: true, via: 'oidc' },
      returnTo: '/s/6f1c0a52?x=1',
    });
    expect(await db.keys('*')).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('ignores an e-mail address that is not verified, nor an administrator', async () => {
    const { back, finish } = await begin();
    const { facts } = await finish(await back('mallory'));
    expect(facts).toEqual({ subject: 'mallory', name: 'Mallory', isAdmin: false, via: 'oidc' });
  });

  it('leads to no other site', async () => {
    const { back, finish } = await begin('//evil.example');
    expect((await finish(await back())).returnTo).toBe('/');
  });

  it('leaves nothing in Redis that finishes it, or names the secret that the person wants to open', async () => {
    const { url, value } = await begin('/s/6f1c0a52-8f0e-4c43-9a57-3f6f4b1c2d3e');
    const [key = '', ...others] = await db.keys('*');
    expect(others).toEqual([]);
    expect(Math.ceil((await db.pttl(key)) / 10_000)).toBe(60);
    const stored = `${key} ${(await db.getBuffer(key))?.toString('latin1')}`;
    const { state, nonce } = Object.fromEntries(new URL(url).searchParams);
    for (const secret of [value, state, nonce, '6f1c0a52']) {
      expect(secret).toBeTruthy();
      expect(stored).not.toContain(secret);
    }
  });
});

describe('a sign-in is refused', () => {
  it('in another browser than the one where it began, and does not spoil others', async () => {
    const [victim, attacker] = [await begin(), await begin()];
    const query = await attacker.back('mallory');
    for (const cookie of ['', 'A'.repeat(43), victim.value]) {
      await expect(attacker.finish(query, cookie)).rejects.toMatchObject(EXPIRED);
    }
    expect((await victim.finish(await victim.back())).facts.subject).toBe('alice');
  });

  it('with a state of its own making, or none', async () => {
    const { back, finish } = await begin();
    const query = await back();
    for (const odd of [changed(query, { state: 'x' }), query.replace(/&?state=[^&]*/, ''), '']) {
      await expect(finish(odd)).rejects.toMatchObject(EXPIRED);
    }
    await expect(finish(query)).resolves.toBeDefined();
  });

  it('the second time', async () => {
    const { back, finish } = await begin();
    const query = await back();
    const all = await Promise.allSettled([1, 2, 3].map(() => finish(query)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(finish(query)).rejects.toMatchObject(EXPIRED);
  });

  it.each(['nonce', 'code_challenge'])('when the %s is not the one that it began with', async (name) => {
    const { back, finish } = await begin();
    const query = await back('alice', { [name]: 'A'.repeat(43) });
    await expect(finish(query)).rejects.toMatchObject(REFUSED);
  });

  it('with the code of another person', async () => {
    const [mine, other] = [await begin(), await begin()];
    const code = new URLSearchParams(await other.back('mallory')).get('code') ?? '';
    await expect(mine.finish(changed(await mine.back(), { code }))).rejects.toMatchObject(REFUSED);
  });

  it('in an answer that says it is of another provider (RFC 9207)', async () => {
    const { back, finish } = await begin();
    const query = changed(await back(), { iss: 'https://evil.example' });
    await expect(finish(query)).rejects.toMatchObject(REFUSED);
  });

  it('when the person says no at the provider; what the query says is not repeated', async () => {
    const { url, finish } = await begin();
    const { state = '' } = Object.fromEntries(new URL(url).searchParams);
    const no = { state, error: 'access_denied', error_description: 'CALL 555', iss: provider.issuer };
    const refused = finish(new URLSearchParams(no).toString());
    await expect(refused).rejects.toMatchObject(REFUSED);
    await expect(refused).rejects.not.toThrow('555');
  });

  it('when the ID token was over more than 60 s ago, and not before: clocks differ', async () => {
    const { back, finish } = await begin();
    provider.idTokenSeconds = -45;
    expect((await finish(await back())).facts.subject).toBe('alice');
    provider.idTokenSeconds = -75;
    const late = await begin();
    await expect(late.finish(await late.back())).rejects.toMatchObject(REFUSED);
  });

  it('and no log says a token, a code or an address', async () => {
    const { value, back, finish } = await begin('/s/6f1c0a52');
    const query = await back('alice', { nonce: 'B'.repeat(43) });
    await expect(finish(query)).rejects.toMatchObject(REFUSED);
    const logged = JSON.stringify(warnings);
    expect(logged).toContain('sign_in_refused');
    const { code, state } = Object.fromEntries(new URLSearchParams(query));
    const secrets = [code, state, value, '6f1c0a52', 'alice', CLIENT.clientSecret];
    for (const secret of secrets) expect(logged).not.toContain(secret);
  });

  it('is not what people hear when the provider is down, or does not know this client', async () => {
    const stranger = await begin('/', signInBy({ ...CLIENT, clientSecret: 'wrong' }));
    await expect(stranger.finish(await stranger.back())).rejects.toMatchObject(UNAVAILABLE);
    expect(JSON.stringify(warnings)).toContain('401');
    const { back, finish } = await begin();
    const query = await back();
    await provider.stop();
    await expect(finish(query)).rejects.toMatchObject(UNAVAILABLE);
    await provider.start();
  });
});

describe('the sign-out', () => {
  it('leads to the provider, which knows the client and where to go afterwards', async () => {
    const url = new URL((await signInBy().logoutUrl()) ?? '');
    expect(url.origin).toBe(provider.issuer);
    const asked = { client_id: 'burnbag', post_logout_redirect_uri: SIGNED_OUT };
    expect(Object.fromEntries(url.searchParams)).toEqual(asked);
    expect((await new CookieClient().fetch(url.href)).status).toBe(200);
  });
});
