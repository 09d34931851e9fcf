import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { OidcDiscovery } from '../../src/auth/oidc/oidc.discovery.js';
import { OidcSignIn } from '../../src/auth/oidc/oidc.sign-in.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import { freePort } from '../support/free-port.js';

/** The package has no types; a name in a variable keeps the compiler from looking for them. */
const PROVIDER: string = 'oidc-provider';
type ProviderClass = new (issuer: string, configuration: object) => { callback(): RequestListener };

const CALLBACK = 'http://localhost:3000/api/v1/auth/callback';
const UNAVAILABLE = { kind: { code: 'sign_in_unavailable', status: 503 } };
let issuer: string;
let server: Server | undefined;
let asked: number;
let now: number;
let saved: number;
let errors: unknown[];

/** @param answer in the place of the provider */
async function up(answer?: RequestListener): Promise<void> {
  const { default: Provider } = (await import(PROVIDER)) as { default: ProviderClass };
  const client = { client_id: 'burnbag', client_secret: 'secret', redirect_uris: [CALLBACK] };
  const provider = answer ?? new Provider(issuer, { clients: [client] }).callback();
  server = createServer((request, response) => {
    asked += 1;
    provider(request, response);
  });
  server.listen(Number(new URL(issuer).port), '127.0.0.1');
  await once(server, 'listening');
}

function down(): void {
  server?.close();
  server?.closeAllConnections();
  server = undefined;
}

/** Sign-ins that are only begun: the store counts them. */
function signInBy(): OidcSignIn {
  const discovery = new OidcDiscovery(
    { issuer, clientId: 'burnbag', clientSecret: 'secret' },
    { now: () => now },
  );
  const counter = { save: () => Promise.resolve(void (saved += 1)), take: () => Promise.resolve(undefined) };
  return new OidcSignIn(discovery, counter, systemRandom, {
    scopes: 'openid',
    callbackUrl: CALLBACK,
    afterLogoutUrl: 'http://localhost:3000/',
  });
}

beforeEach(async () => {
  issuer = `http://127.0.0.1:${await freePort()}`;
  [asked, saved, now, errors] = [0, 0, Date.now(), []];
  // The provider's advice about its development pages.
  for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockReturnValue();
  jest.spyOn(Logger.prototype, 'error').mockImplementation((...line) => void errors.push(line));
});
afterEach(down);
afterAll(() => void jest.restoreAllMocks());

describe('while the provider is down', () => {
  it('a sign-in fails with the time to try again, and works as soon as it is back', async () => {
    const signIn = signInBy();
    const refused = signIn.begin('/');
    await expect(refused).rejects.toMatchObject(UNAVAILABLE);
    await expect(refused).rejects.toMatchObject({ headers: { 'Retry-After': '5' } });
    expect(saved).toBe(0);
    expect(JSON.stringify(errors)).toContain('ECONNREFUSED');
    await up();
    expect((await signIn.begin('/')).url).toContain(issuer);
    expect(saved).toBe(1);
  });

  it('a person can sign out here, without a redirect', async () => {
    expect(await signInBy().logoutUrl()).toBeUndefined();
  });

  it('a hiccup is bridged: it is asked three times before anybody hears of it', async () => {
    await up((_, response) => {
      if (asked < 3) response.writeHead(502).end();
      else
        response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            issuer,
            authorization_endpoint: `${issuer}/auth`,
          }),
        );
    });
    expect((await signInBy().begin('/')).url).toContain(`${issuer}/auth?`);
    expect(asked).toBe(3);
    expect(errors).toEqual([]);
  });

  it('another server in its place is not trusted', async () => {
    await up((_, response) => {
      const other = { issuer: 'https://evil.example', authorization_endpoint: 'https://evil.example/auth' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(other));
    });
    await expect(signInBy().begin('/')).rejects.toMatchObject(UNAVAILABLE);
    expect(saved).toBe(0);
  });
});

describe('a provider that goes away after it was asked', () => {
  it('is sent no browser: each sign-in asks it first, once for all that begin together', async () => {
    await up();
    const signIn = signInBy();
    await Promise.all(Array.from({ length: 20 }, () => signIn.begin('/')));
    expect(asked).toBe(1);
    await signIn.begin('/');
    expect(asked).toBe(2);
    down();
    await expect(signIn.begin('/')).rejects.toMatchObject(UNAVAILABLE);
    expect(saved).toBe(21);
  });

  it('is known at a sign-out, also after the hour in which it is not asked again', async () => {
    await up();
    const signIn = signInBy();
    await signIn.begin('/');
    now += 3_599_000;
    expect(await signIn.logoutUrl()).toContain(issuer);
    expect(asked).toBe(1);
    down();
    now += 2_000;
    expect(await signIn.logoutUrl()).toContain(issuer);
  });
});
