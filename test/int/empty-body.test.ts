import http from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openPeoplePortal, type PeoplePortal } from './kit/people.js';

type Headers = Readonly<Record<string, string>>;
interface Answered {
  readonly status: number;
  readonly code: unknown;
  readonly text: string;
}

let portal: PeoplePortal;
beforeAll(async () => (portal = await openPeoplePortal()));
afterAll(() => portal.close());

/** How clients send nothing. */
const EMPTY: readonly (readonly [string, Headers])[] = [
  ['JSON without a length', { 'content-type': 'application/json' }],
  ['JSON of length 0', { 'content-type': 'application/json', 'content-length': '0' }],
  ['JSON with a charset', { 'content-type': 'Application/JSON; charset=utf-8', 'content-length': '0' }],
  ['JSON in no chunks', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }],
  ['a form of length 0', { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' }],
  ['text without a length', { 'content-type': 'text/plain' }],
  ['a type that is none', { 'content-type': ';;', 'content-length': '0' }],
  ['no type, in no chunks', { 'transfer-encoding': 'chunked' }],
  ['text in no chunks', { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' }],
];

function send(method: string, path: string, headers: Headers): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request(portal.url + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const code = text.startsWith('{') ? (JSON.parse(text) as { code?: unknown }).code : undefined;
        resolve({ status: response.statusCode ?? 0, code, text });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly requestBody?: unknown }>>>>;
}

/** Every route that changes something, with ids of nothing in its path. */
async function changingRoutes(): Promise<{ method: string; path: string; takesBody: boolean }[]> {
  const { paths } = JSON.parse((await send('GET', '/api/openapi.json', {})).text) as ApiDocument;
  return Object.entries(paths).flatMap(([template, operations]) =>
    Object.entries(operations)
      .filter(([method]) => ['post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, { requestBody }]) => ({
        method: method.toUpperCase(),
        path: template
          .replace(/\{ref\}/, '9d3e6d1c7a5b4f20b1f0c4a2d8e79631')
          .replaceAll(/\{\w+\}/g, '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11'),
        takesBody: requestBody !== undefined,
      })),
  );
}

describe.each(EMPTY)('a request with an empty body that says it is %s', (_, headers) => {
  it('signs out, and the session has ended', async () => {
    const alice = await portal.signIn('alice');
    const { status, text } = await send('POST', '/api/v1/auth/logout', { ...alice, ...headers });
    expect([status, text]).toEqual([200, expect.stringContaining('logoutUrl')]);
    const session = await send('GET', '/api/v1/auth/session', alice);
    expect(session.text).toContain('"principal":{"kind":"anonymous"}');
  });

  it('revokes an API token', async () => {
    const alice = await portal.signIn('alice');
    const made = await portal.client.send('POST', '/api/v1/tokens', {
      json: { name: 'deploy', scopes: ['create'], ttlSeconds: 3_600 },
      headers: alice,
    });
    expect(made.status).toBe(201);
    const { secret, token } = made.body as { secret: string; token: { id: string } };
    const revoked = await send('DELETE', `/api/v1/tokens/${token.id}`, { ...alice, ...headers });
    expect(revoked.status).toBe(204);
    const used = await send('GET', '/api/v1/auth/session', { authorization: `Bearer ${secret}` });
    expect(used.status).toBe(401);
  });

  it('is answered on every route as the same request without a type', async () => {
    const olga = await portal.signIn('olga');
    const routes = (await changingRoutes()).filter(({ path }) => !path.endsWith('/logout'));
    expect(routes.filter(({ takesBody }) => !takesBody).length).toBeGreaterThan(6);
    for (const { method, path, takesBody } of routes) {
      // These two read a body of a type of their own, which they ask for by name.
      if (path === '/api/v1/files' || method === 'PATCH') continue;
      const plain = await send(method, path, { ...olga, 'content-length': '0' });
      const typed = await send(method, path, { ...olga, ...headers });
      expect([method, path, typed.status, typed.code]).toEqual([method, path, plain.status, plain.code]);
      if (!takesBody) expect([400, 415]).not.toContain(typed.status);
    }
  });
});
