import { jest } from '@jest/globals';
import type { Redis } from 'ioredis';

import { formatPasswordHash } from '../../../src/auth/local-admin/password-hash.js';
import { PasswordHasher } from '../../../src/auth/local-admin/password-hasher.js';
import { systemRandom } from '../../../src/crypto/random-source.port.js';
import { startApp, type TestApp } from '../../support/app-process.js';
import { freePort } from '../../support/free-port.js';
import { startRedis } from '../../support/redis-server.js';
import { personAtCorp, TestProvider } from '../../support/test-provider.js';
import { CookieClient } from '../../support/cookie-client.js';
import { Client } from './client.js';
import { connectTo, newKeys } from './portal.js';

/** Logins at the provider; `olga` is an administrator. */
export const STAFF = {
  alice: personAtCorp('Alice'),
  bob: personAtCorp('Bob'),
  olga: personAtCorp('Olga', { groups: ['ops'] }),
};
export const ADMIN = { username: 'root', password: 'correct horse battery' };

/** A portal whose people sign in at a real provider, or as the local administrator. */
export interface PeoplePortal {
  readonly app: TestApp;
  readonly client: Client;
  readonly db: Redis;
  readonly redisUrl: string;
  readonly provider: TestProvider;
  /** PUBLIC_URL, and where the app listens. */
  readonly url: string;
  /** Signs in at the provider, as a browser does. @returns headers of a page of the portal, with the session's cookie */
  signIn(login: keyof typeof STAFF, returnTo?: string): Promise<Record<string, string>>;
  /** @param cookie of the session */
  fromPage(cookie?: string): Record<string, string>;
  close(): Promise<void>;
}

/** @param env on top of AUTH_MODE=oidc with an administrator */
export async function openPeoplePortal(env: Readonly<Record<string, string>> = {}): Promise<PeoplePortal> {
  const [redis, port, providerPort] = await Promise.all([startRedis(), freePort(), freePort()]);
  const url = `http://127.0.0.1:${port}`;
  // The provider's advice about its development pages.
  for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockReturnValue();
  const provider = new TestProvider({
    port: providerPort,
    callback: `${url}/api/v1/auth/callback`,
    signedOut: `${url}/`,
    people: STAFF,
  });
  await provider.start();
  const app = await startApp({
    port,
    redisUrl: redis.url,
    env: {
      BURNBAG_KEYS: newKeys(),
      PUBLIC_URL: url,
      AUTH_MODE: 'oidc',
      ...provider.env,
      OIDC_SCOPES: 'openid email profile groups',
      OIDC_ADMIN_CLAIM: 'groups=ops',
      ADMIN_USERNAME: ADMIN.username,
      ADMIN_PASSWORD_HASH: formatPasswordHash(await new PasswordHasher().hash(ADMIN.password, systemRandom)),
      ...env,
    },
  });
  const client = new Client(url);
  const db = connectTo(redis);
  const fromPage = (cookie = ''): Record<string, string> => ({
    cookie,
    origin: url,
    'sec-fetch-site': 'same-origin',
    'x-burnbag-csrf': '1',
  });
  return {
    app,
    client,
    db,
    redisUrl: redis.url,
    provider,
    url,
    fromPage,
    signIn: async (login, returnTo) => {
      const walker = new CookieClient();
      const landed = await walker.signInAt(url, login, returnTo);
      // The provider is at the same host, and its cookies came along.
      const cookie = /__Host-burnbag=[^;]+/.exec(walker.cookie)?.[0];
      if (!cookie) throw new Error(`${login} was not signed in, and led to ${landed}`);
      return fromPage(cookie);
    },
    close: async () => {
      client.close();
      await app.stop();
      db.disconnect();
      await provider.stop();
      await redis.stop();
    },
  };
}

/** Lets time pass for every session in the store, as it passes by itself: what is over then is gone. */
export async function letSessionsAge(db: Redis, seconds: number): Promise<void> {
  for (const key of await db.keys('*:session:*')) {
    for (const field of ['made', 'seen', 'ends']) await db.hincrby(key, field, -1000 * seconds);
    const left = await db.pttl(key);
    // A key without an end stays, as it would.
    if (left >= 0) await db.pexpire(key, left - 1000 * seconds);
  }
}
