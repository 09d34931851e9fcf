import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { settledKeyspace, openPortal, type Portal } from './kit/portal.js';
import { seal } from './kit/sealed.js';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const LOOKS: readonly (readonly [string, string, (id: string) => string, Record<string, string>, number])[] =
  [
    ['HEAD', 'HEAD', (id) => `/api/v1/secrets/${id}`, {}, 200],
    ['OPTIONS', 'OPTIONS', (id) => `/api/v1/secrets/${id}`, {}, 405],
    [
      'OPTIONS of a preflight',
      'OPTIONS',
      (id) => `/api/v1/secrets/${id}/reveal`,
      { Origin: 'https://evil.example' },
      405,
    ],
    ['status', 'GET', (id) => `/api/v1/secrets/${id}/status`, {}, 200],
    ['HEAD of the status', 'HEAD', (id) => `/api/v1/secrets/${id}/status`, {}, 405],
    ['HEAD of the reveal', 'HEAD', (id) => `/api/v1/secrets/${id}/reveal`, {}, 405],
    ['GET of the reveal', 'GET', (id) => `/api/v1/secrets/${id}/reveal`, {}, 405],
    ...['document', 'iframe', 'image', 'frame', 'embed', 'object', 'script', 'style'].map(
      (destination) =>
        [
          `GET as ${destination}`,
          'GET',
          (id: string) => `/api/v1/secrets/${id}`,
          { 'Sec-Fetch-Dest': destination },
          403,
        ] as const,
    ),
    ...[
      ['Purpose', 'prefetch'],
      ['Sec-Purpose', 'prefetch;prerender'],
      ['Sec-Purpose', 'prefetch;anonymous-client-ip'],
      ['X-Purpose', 'preview'],
      ['X-Moz', 'prefetch'],
      ['X-moz', 'Prefetch'],
    ].map(
      ([name = '', value = '']) =>
        [
          `GET with ${name}: ${value}`,
          'GET',
          (id: string) => `/api/v1/secrets/${id}`,
          { [name]: value },
          403,
        ] as const,
    ),
    [
      'loading the page',
      'GET',
      (id) => `/s/${id}`,
      { 'Sec-Fetch-Dest': 'document', Accept: 'text/html' },
      200,
    ],
    ['HEAD of the page', 'HEAD', (id) => `/s/${id}`, {}, 200],
  ];

describe('looking at a secret leaves every byte of the store as it was', () => {
  it.each(LOOKS)('%s', async (_, method, path, headers, expected) => {
    const { id } = await portal.client.create({ content: 'db-pw-7Q' });
    const before = await settledKeyspace(portal.db);
    const answer = await portal.client.send(method, path(id), { headers });
    expect(await settledKeyspace(portal.db)).toEqual(before);
    expect(answer.text).not.toContain('db-pw-7Q');
    expect(answer.status).toBe(expected);
    if (expected === 403) expect(answer.body).toMatchObject({ code: 'deliberate_act_required' });
    expect((await portal.client.reveal(id)).body).toMatchObject({ content: 'db-pw-7Q' });
  });

  it('says what is there, and nothing of what it is', async () => {
    const { id, expiresAt } = await portal.client.create({
      content: 'zwölf',
      maxViews: 3,
      passphrase: 'open sesame',
    });
    expect((await portal.client.status(id)).body).toEqual({
      state: 'live',
      passphraseRequired: true,
      sealed: false,
      kind: 'text',
      size: 6,
      viewsLeft: 3,
      expiresAt,
    });
  });

  it('refuses a GET of a sealed secret, which has no way to show a proof', async () => {
    const { fields } = await seal('sealed and kept');
    const { id } = await portal.client.create({ ...fields });
    const before = await settledKeyspace(portal.db);
    expect(await portal.client.get(id)).toMatchObject({ status: 403, body: { code: 'proof_wrong' } });
    expect(await settledKeyspace(portal.db)).toEqual(before);
  });
});
