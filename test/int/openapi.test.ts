import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { adminProblems } from '../../src/admin/admin.errors.js';
import { REFUSED } from '../../src/auth/access.openapi.js';
import { authProblemKinds } from '../../src/auth/auth.problems.js';
import { commonProblems } from '../../src/common/common.errors.js';
import { storeProblems } from '../../src/common/store.errors.js';
import { filesProblems } from '../../src/files/files.errors.js';
import { rateLimitProblems } from '../../src/rate-limit/rate-limit.errors.js';
import { secretsProblems } from '../../src/secrets/secrets.errors.js';
import { openPortal, type Portal } from './kit/portal.js';

const kinds = [
  ...commonProblems,
  ...storeProblems,
  ...rateLimitProblems,
  ...secretsProblems,
  ...filesProblems,
  ...authProblemKinds,
  ...adminProblems,
];
const ROUTES = [
  'DELETE /api/v1/admin/sessions/{handle}',
  'DELETE /api/v1/admin/tokens/{id}',
  'DELETE /api/v1/receipts/{receiptToken}',
  'DELETE /api/v1/secrets/{id}',
  'DELETE /api/v1/tokens/{id}',
  'DELETE /api/v1/uploads/{uploadId}',
  'GET /api/v1/admin/audit',
  'GET /api/v1/admin/audit/export',
  'GET /api/v1/admin/overview',
  'GET /api/v1/admin/secrets',
  'GET /api/v1/admin/sessions',
  'GET /api/v1/admin/system',
  'GET /api/v1/admin/tokens',
  'GET /api/v1/auth/session',
  'GET /api/v1/files/{id}',
  'GET /api/v1/files/{id}/{index}',
  'GET /api/v1/policy',
  'GET /api/v1/receipts/{receiptToken}',
  'GET /api/v1/secrets/{id}',
  'GET /api/v1/secrets/{id}/status',
  'GET /api/v1/stats',
  'GET /api/v1/tokens',
  'HEAD /api/v1/files/{id}',
  'HEAD /api/v1/files/{id}/{index}',
  'HEAD /api/v1/secrets/{id}',
  'HEAD /api/v1/uploads/{uploadId}',
  'OPTIONS /api/v1/uploads',
  'OPTIONS /api/v1/uploads/{uploadId}',
  'PATCH /api/v1/uploads/{uploadId}',
  'POST /api/v1/admin/audit/verify',
  'POST /api/v1/admin/secrets/{ref}/burn',
  'POST /api/v1/admin/secrets/{ref}/unlock',
  'POST /api/v1/auth/local',
  'POST /api/v1/auth/logout',
  'POST /api/v1/files',
  'POST /api/v1/files/{id}/renew',
  'POST /api/v1/secrets',
  'POST /api/v1/secrets/{id}/acknowledge',
  'POST /api/v1/secrets/{id}/reveal',
  'POST /api/v1/tokens',
  'POST /api/v1/uploads',
  'POST /api/v1/uploads/{uploadId}/complete',
];

interface Example {
  readonly value: { readonly code: string; readonly status: number };
}
interface Operation {
  readonly responses: Record<string, { content?: Record<string, { examples?: Record<string, Example> }> }>;
}

let portal: Portal;
let paths: Record<string, Record<string, Operation>>;
let components: Record<string, { properties: Record<string, Record<string, unknown>> }>;

beforeAll(async () => {
  portal = await openPortal();
  const { text } = await portal.client.send('GET', '/api/openapi.json');
  const document = JSON.parse(text) as { paths: typeof paths; components: { schemas: typeof components } };
  ({ paths } = document);
  components = document.components.schemas;
});
afterAll(() => portal.close());

const operations = () =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );

describe('the OpenAPI document', () => {
  it('lists every route of the API and no other', () => {
    expect(
      operations()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(ROUTES);
  });

  it('gives each refusal of each route an example with its code, under its status', () => {
    for (const { name, operation } of operations()) {
      const refusals = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      expect([name, refusals.length]).toEqual([name, expect.any(Number)]);
      expect(refusals.length).toBeGreaterThan(0);
      for (const [status, { content }] of refusals) {
        const examples = Object.entries(content?.['application/problem+json']?.examples ?? {});
        expect(examples.length).toBeGreaterThan(0);
        for (const [code, { value }] of examples) {
          expect(value).toMatchObject({ code, status: Number(status) });
          expect(kinds.find((kind) => kind.code === code)?.status).toBe(Number(status));
        }
      }
    }
  });

  it('says of each route that not everybody may use whom it refuses', () => {
    const expected = {
      creators:
        /^(POST \/api\/v1\/(secrets|files|uploads|uploads\/\{uploadId\}\/complete)|(HEAD|PATCH|DELETE) \/api\/v1\/uploads\/.*)$/,
      receipts: /\/receipts\//,
      stats: /\/stats$/,
    };
    const codesOf = (operation: Operation) =>
      Object.values(operation.responses).flatMap(({ content }) =>
        Object.keys(content?.['application/problem+json']?.examples ?? {}),
      );
    for (const [who, names] of Object.entries(expected)) {
      const routes = operations().filter(({ name }) => names.test(name));
      expect(routes.length).toBeGreaterThan(0);
      for (const { name, operation } of routes) {
        const refusals = REFUSED[who as keyof typeof REFUSED];
        expect([name, codesOf(operation)]).toEqual([name, expect.arrayContaining([...refusals])]);
      }
    }
  });

  it('shows an example of everything that is not a plain choice', () => {
    const bare = Object.entries(components).flatMap(([schema, { properties }]) =>
      Object.entries(properties).flatMap(([name, property]) =>
        'example' in property ||
        'enum' in property ||
        'allOf' in property ||
        property.type === 'array' ||
        property.type === 'boolean'
          ? []
          : [`${schema}.${name}`],
      ),
    );
    expect(bare).toEqual([]);
  });

  it('is served with a page that runs only its own code', async () => {
    const { status, headers } = await portal.client.send('GET', '/api/docs');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
  });
});

describe('the error codes', () => {
  const documented = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = [...documented.matchAll(/^\| `([a-z_]+)` +\| (\d{3}) +\|/gm)].map(
    ([, code, status]) => `${code} ${status}`,
  );

  it('are the same in the code and in docs/errors.md', () => {
    expect(rows.sort()).toEqual(kinds.map(({ code, status }) => `${code} ${status}`).sort());
  });

  it('stand for one meaning each', () => {
    expect(new Set(kinds.map(({ code }) => code)).size).toBe(kinds.length);
  });
});

describe('a HEAD route', () => {
  it('exists only where it is stated: none was made out of a GET', async () => {
    const { id, receiptToken } = await portal.client.create();
    for (const path of [
      `/api/v1/secrets/${id}/status`,
      `/api/v1/receipts/${receiptToken}`,
      '/api/v1/policy',
      '/health',
      '/metrics',
    ]) {
      expect((await portal.client.send('HEAD', path)).status).toBe(405);
    }
    expect((await portal.client.head(id)).status).toBe(200);
    expect((await portal.client.status(id)).body).toMatchObject({ state: 'live' });
  });
});
