import { readFileSync } from 'node:fs';

import { PROBLEM_CODES } from '@burnbag/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { problemKind } from '../../src/platform/http/problem/problem.js';
import { REFUSED } from '../../src/platform/route/implied-problems.js';
import { openPortal, type Portal } from './kit/portal.js';
import { created, sendForm } from './kit/uploads.js';

const kinds = PROBLEM_CODES.map(problemKind);
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

const LIMITS = { SECRET_TTL_DEFAULT_SECONDS: '3600', SECRET_TTL_MAX_SECONDS: '7200', FILE_COUNT_MAX: '5' };
const BYTES_OF = { claim: 16, proof: 32, proofHash: 32, 'X-Claim': 16, 'X-Proof': 32 };

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly not?: { readonly anyOf: readonly { readonly required: readonly string[] }[] };
}
interface Example {
  readonly value: { readonly code: string; readonly status: number };
}
interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { content?: Record<string, { examples?: Record<string, Example> }> }>;
}

let portal: Portal;
let paths: Record<string, Record<string, Operation>>;
let components: Record<string, { properties: Record<string, Record<string, unknown>> }>;

beforeAll(async () => {
  portal = await openPortal({ env: LIMITS });
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

const codesOf = (operation: Operation | undefined) =>
  Object.values(operation?.responses ?? {}).flatMap(({ content }) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}),
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

  it('documents the refusals of each route with an access rule', () => {
    const expected = {
      creators:
        /^(POST \/api\/v1\/(secrets|files|uploads|uploads\/\{uploadId\}\/complete)|(HEAD|PATCH|DELETE) \/api\/v1\/uploads\/.*)$/,
      receipts: /\/receipts\//,
      stats: /\/stats$/,
    };
    for (const [who, names] of Object.entries(expected)) {
      const routes = operations().filter(({ name }) => names.test(name));
      expect(routes.length).toBeGreaterThan(0);
      for (const { name, operation } of routes) {
        const refusals = REFUSED[who as keyof typeof REFUSED];
        expect([name, codesOf(operation)]).toEqual([name, expect.arrayContaining([...refusals])]);
      }
    }
  });

  it('names the refusals of files where the secret turns out to hold some', async () => {
    const { client } = portal;
    const { id } = created(await sendForm(client, [{ name: 'file', filename: 'a', body: 'x' }]));
    for (const answer of [await client.get(id), await client.reveal(id)])
      expect(answer).toMatchObject({ status: 400, body: { code: 'claim_required' } });
    const ofFiles = ['claim_required', 'files_elsewhere'];
    const views = [paths['/api/v1/secrets/{id}']?.['get'], paths['/api/v1/secrets/{id}/reveal']?.['post']];
    for (const operation of views) expect(codesOf(operation)).toEqual(expect.arrayContaining(ofFiles));
    for (const code of ofFiles)
      expect(codesOf(paths['/api/v1/secrets/{id}']?.['delete'])).not.toContain(code);
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

describe('the bodies and parameters of the OpenAPI document', () => {
  it('name every query parameter of each route, and those that are required', () => {
    const queries = operations().map(({ name, operation: { parameters = [] } }) => [
      name,
      parameters
        .filter(({ in: place }) => place === 'query')
        .map((each) => `${each.name}${each.required ? '!' : ''}`)
        .sort()
        .join(' '),
    ]);
    const filter = 'action actor address';
    expect(Object.fromEntries(queries.filter(([, names]) => names !== ''))).toEqual({
      'GET /api/v1/admin/audit': `${filter} cursor from limit ref to`,
      'GET /api/v1/admin/audit/export': `${filter} format! from ref to`,
      'GET /api/v1/admin/overview': 'range',
      'GET /api/v1/admin/secrets': 'cursor limit',
      'GET /api/v1/admin/tokens': 'cursor limit',
      'GET /api/v1/tokens': 'cursor limit',
    });
    expect(Object.keys(components).filter((name) => /Query|Search|Filter|Export/.test(name))).toEqual([]);
  });

  it('state the form of a cursor and of a reference', () => {
    const patternOf = (route: string, name: string) => {
      const { operation } = operations().find((each) => each.name === route) ?? {};
      return new RegExp(operation?.parameters?.find((each) => each.name === name)?.schema.pattern ?? '');
    };
    const ref = '9d3e6d1c7a5b4f20b1f0c4a2d8e79631';
    const forms = [
      ['GET /api/v1/admin/audit', 'cursor', '1795442400000000-353'],
      ['GET /api/v1/admin/secrets', 'cursor', `1795442400000-${ref}`],
      ['GET /api/v1/admin/tokens', 'cursor', `1795442400000-${ref}`],
      ['GET /api/v1/tokens', 'cursor', `1795442400000-${ref}`],
      ['POST /api/v1/admin/secrets/{ref}/burn', 'ref', ref],
      ['POST /api/v1/admin/secrets/{ref}/unlock', 'ref', ref],
    ] as const;
    for (const [route, name, good] of forms) {
      expect(good).toMatch(patternOf(route, name));
      for (const bad of ['', 'x', `${good} `]) expect(bad).not.toMatch(patternOf(route, name));
    }
  });

  const text = async () => (await portal.client.send('GET', '/api/openapi.json')).text;
  const properties = () =>
    Object.values(components).flatMap(({ properties: declared }) => Object.entries(declared));
  const formOf = (path: string) =>
    paths[path]?.['post']?.requestBody?.content['multipart/form-data']?.schema.properties ?? {};
  const bodyOf = (path: string) =>
    paths[path]?.['post']?.requestBody?.content['application/json']?.schema ?? {};

  it('count in whole numbers, of a stated width', async () => {
    expect((await text()).includes('"type":"number"')).toBe(false);
    const counts = properties().filter(([, { type }]) => type === 'integer');
    expect(counts.length).toBeGreaterThan(40);
    for (const [name, { format }] of counts)
      expect([name, format]).toEqual([name, expect.stringMatching(/^int(32|64)$/)]);
    expect(components['CreateSecretDto']?.properties['maxViews']).toMatchObject({
      type: 'integer',
      format: 'int32',
    });
  });

  it('give each claim and proof the pattern of its exact length, as the server takes it', async () => {
    // Not of /status, which ignores what is not a claim.
    const headers = operations().flatMap(({ name: route, operation }) =>
      route.endsWith('/status')
        ? []
        : (operation.parameters ?? []).map(({ name, schema }) => [name, schema] as const),
    );
    const found = [...(properties() as [string, Schema][]), ...headers].filter(([name]) => name in BYTES_OF);
    expect(new Set(found.map(([name]) => name))).toEqual(new Set(Object.keys(BYTES_OF)));
    for (const [name, { pattern }] of found) {
      const exact = Buffer.alloc(BYTES_OF[name as keyof typeof BYTES_OF], 0xfb).toString('base64url');
      const matches = [exact, exact.slice(1), `${exact}A`, `${exact.slice(1)}+`].map((value) =>
        new RegExp(pattern ?? '').test(value),
      );
      expect([name, matches]).toEqual([name, [true, false, false, false]]);
    }
    const { id } = await portal.client.create();
    const { status } = await portal.client.send('POST', `/api/v1/secrets/${id}/reveal`, {
      json: { claim: 'A'.repeat(23) },
    });
    expect(status).toBe(400);
  });

  it('state the limits of this installation, which the server keeps', async () => {
    expect(components['CreateSecretDto']?.properties['ttlSeconds']).toMatchObject({
      minimum: 1,
      maximum: 7_200,
    });
    expect(components['CompleteUploadDto']?.properties).toMatchObject({
      ttlSeconds: { maximum: 7_200 },
      fileCount: { minimum: 1, maximum: 5 },
      fileBytes: { minimum: 0 },
      files: { minItems: 1, maxItems: 5 },
    });
    expect(components['IssueTokenDto']?.properties['ttlSeconds']?.['maximum']).toBeGreaterThan(7_200);
    for (const [ttlSeconds, status] of [
      [7_200, 201],
      [7_201, 400],
    ])
      expect(
        (await portal.client.send('POST', '/api/v1/secrets', { json: { content: 'x', ttlSeconds } })).status,
      ).toBe(status);
  });

  it('bound every field of a form, by what the server refuses', async () => {
    expect(formOf('/api/v1/files')).toMatchObject({
      file: { type: 'array', minItems: 1, maxItems: 5 },
      passphrase: { minLength: 1, maxLength: 256 },
      ttlSeconds: { type: 'integer', minimum: 1, maximum: 7_200 },
      maxViews: { type: 'integer', minimum: 1, maximum: 100 },
    });
    const { pattern = '' } = formOf('/api/v1/files')['recipients'] ?? {};
    const lists = {
      'a@b.example': true,
      ' a@b.example; c@d.example,': true,
      'a@b.example b': false,
      '': false,
    };
    for (const [list, isRight] of Object.entries(lists))
      expect([list, new RegExp(pattern).test(list)]).toEqual([list, isRight]);
    const wrong = { passphrase: '', ttlSeconds: '7201', maxViews: '101', other: 'x' };
    for (const [name, value] of Object.entries(wrong)) {
      const form = new FormData();
      form.set('file', new Blob(['x']), 'x.txt');
      form.set(name, value);
      const answer = await fetch(`${portal.apps[0]?.url}/api/v1/files`, { method: 'POST', body: form });
      expect([name, answer.status, await answer.text()]).toEqual([name, 400, expect.stringContaining(name)]);
    }
  });

  it.each([
    { path: '/api/v1/secrets', plain: { content: 'x' }, sealedOnly: ['proofHash', 'passphraseRequired'] },
    {
      path: '/api/v1/uploads/{uploadId}/complete',
      plain: undefined,
      sealedOnly: ['content', 'fileCount', 'fileBytes', 'proofHash', 'passphraseRequired'],
    },
  ])('tell which fields of $path are for sealed content only', async ({ path, plain, sealedOnly }) => {
    const [server, sender] = bodyOf(path).oneOf ?? [];
    const refused = (server?.not?.anyOf ?? []).flatMap(({ required }) => required);
    expect(refused.sort()).toEqual([...sealedOnly].sort());
    expect(sender?.required).toEqual(expect.arrayContaining(['sealed', 'proofHash']));
    expect(sender?.not?.anyOf).toContainEqual({ required: ['passphrase'] });
    if (!plain) return;
    const examples = components['CreateSecretDto']?.properties ?? {};
    for (const name of sealedOnly) {
      const value = examples[name]?.['example'] ?? true;
      const { status, text: answer } = await portal.client.send('POST', path, {
        json: { ...plain, [name]: value },
      });
      expect([name, status, answer]).toEqual([name, 400, expect.stringContaining('sealed')]);
    }
  });

  it('take no field that is not declared, in lists either', () => {
    for (const name of ['CreateSecretDto', 'CompleteUploadDto', 'SentFileDto', 'RevealSecretDto'])
      expect([name, components[name]]).toMatchObject([name, { additionalProperties: false }]);
  });

  it('show the file store of the system apart from the files of a secret', () => {
    expect(Object.keys(components['FilesDto']?.properties ?? {})).toEqual(['count', 'bytes']);
    expect(Object.keys(components['FileStoreDto']?.properties ?? {})).toContain('quotaBytes');
  });

  it('tell of a HEAD what it answers, and of a PATCH what it takes', () => {
    const answers = paths['/api/v1/secrets/{id}']?.['head']?.responses ?? {};
    expect(Object.keys(answers)).toContain('200');
    const bodies = paths['/api/v1/uploads/{uploadId}']?.['patch']?.requestBody?.content ?? {};
    expect(Object.keys(bodies)).toEqual(['application/offset+octet-stream']);
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
