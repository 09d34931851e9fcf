import { RATE_LIMIT_KINDS } from '@burnbag/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openPortal, type Portal } from './kit/portal.js';

/** What anybody may ask for where creating needs a sign-in. Every other route must turn strangers away. */
const PUBLIC = [
  'DELETE /api/v1/receipts/:receiptToken',
  'DELETE /api/v1/secrets/:id',
  'GET /api/openapi.json',
  'GET /api/v1/auth/callback',
  'GET /api/v1/auth/login',
  'GET /api/v1/auth/session',
  'GET /api/v1/files/:id',
  'GET /api/v1/files/:id/:index',
  'GET /api/v1/policy',
  'GET /api/v1/receipts/:receiptToken',
  'GET /api/v1/secrets/:id',
  'GET /api/v1/secrets/:id/status',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'HEAD /api/v1/files/:id',
  'HEAD /api/v1/files/:id/:index',
  'HEAD /api/v1/secrets/:id',
  'OPTIONS /api/v1/uploads',
  'OPTIONS /api/v1/uploads/:uploadId',
  'POST /api/v1/auth/logout',
  'POST /api/v1/files/:id/renew',
  'POST /api/v1/secrets/:id/acknowledge',
  'POST /api/v1/secrets/:id/reveal',
];
const UNLIMITED = [
  'GET /api/openapi.json',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
];
/** The web app and the documentation: files, the same for all clients. */
const FILES =
  /^(GET|HEAD) \/(api\/docs(\/.*)?|assets\/\*|\*|s|s\/:id|r|login|tokens|admin|admin\/:part|[\w-]+\.\w+)?$/;
const ID = '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11';

let portal: Portal;
let told: readonly { readonly name: string; readonly limit: string | null }[];
let routes: string[];

beforeAll(async () => {
  portal = await openPortal({
    env: {
      AUTH_MODE: 'oidc',
      OIDC_ISSUER: 'http://127.0.0.1:1',
      OIDC_CLIENT_ID: 'burnbag',
      NODE_OPTIONS: `--import=${new URL('./kit/tell-routes.mjs', import.meta.url).href}`,
    },
  });
  const lists = portal.apps.map((app) => /^ROUTES (.*)$/m.exec(app.output())?.[1] ?? '[]');
  told = lists.flatMap((list) => JSON.parse(list) as typeof told);
  routes = told.map(({ name }) => name);
});
afterAll(() => portal.close());

describe('every route of the server', () => {
  it('turns strangers away unless it is listed as public', async () => {
    const open: string[] = [];
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ');
      const url = path
        .replace(/:receiptToken|:index/g, '0')
        .replace(/:\w+/g, ID)
        .replace('*', 'x');
      const { status } = await portal.client.send(method, url);
      if (status !== 401 && status !== 403 && !FILES.test(route)) open.push(route);
    }
    expect(open.sort()).toEqual(PUBLIC);
  });

  it('states its rate limit; only probes, metrics and files have none', () => {
    expect(told.filter(({ limit }) => limit === null).map(({ name }) => name)).toEqual([]);
    const kinds: readonly string[] = ['none', ...RATE_LIMIT_KINDS];
    expect(told.filter(({ limit }) => !kinds.includes(limit ?? ''))).toEqual([]);
    const unlimited = told.filter(({ name, limit }) => limit === 'none' && !FILES.test(name));
    expect(unlimited.map(({ name }) => name).sort()).toEqual(UNLIMITED);
  });

  it('is asked, those of plugins too', () => {
    expect(routes).toEqual(expect.arrayContaining(PUBLIC));
    expect(routes).toEqual(
      expect.arrayContaining([
        'GET /',
        'HEAD /s/:id',
        'GET /assets/*',
        'GET /api/docs',
        'POST /api/v1/secrets',
      ]),
    );
  });
});
