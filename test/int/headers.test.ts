import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Answer } from './kit/client.js';
import { openPortal, type Portal } from './kit/portal.js';

const NO_STORE = {
  'cache-control': 'no-store, no-cache, must-revalidate',
  pragma: 'no-cache',
  expires: '0',
  'x-accel-buffering': 'no',
};
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({ env: { PUBLIC_URL: 'https://burn.example' } });
});
afterAll(() => portal.close());

async function everyAnswer(): Promise<Record<string, Answer>> {
  const { client } = portal;
  const { id, receiptToken } = await client.create({ passphrase: 'p' });
  const gone = await client.create();
  return {
    create: await client.tryCreate({ content: 'x' }),
    status: await client.status(id),
    head: await client.head(id),
    '401': await client.reveal(id),
    '403': await client.reveal(id, { passphrase: 'q' }),
    '403 of a page load': await client.get(id, { 'Sec-Fetch-Dest': 'document' }),
    reveal: await client.get(gone.id),
    '410': await client.reveal(gone.id),
    '404': await client.reveal('5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11'),
    '404 of a route': await client.send('GET', '/api/v1/nothing'),
    '400': await client.tryCreate({}),
    '400 of JSON': await client.send('POST', '/api/v1/secrets', { text: '{' }),
    '413': await client.tryCreate({ content: 'x'.repeat(300_000) }),
    '415': await client.send('POST', '/api/v1/secrets', {
      text: 'x',
      headers: { 'content-type': 'text/plain' },
    }),
    receipt: await client.receipt(receiptToken),
    'receipt burn': await client.send('DELETE', `/api/v1/receipts/${receiptToken}`),
    policy: await client.send('GET', '/api/v1/policy'),
  };
}

describe('the answers of the API', () => {
  it('stay in no cache and are taken for nothing but data, errors included', async () => {
    for (const [name, { headers }] of Object.entries(await everyAnswer())) {
      expect([name, headers]).toEqual([name, expect.objectContaining(NO_STORE)]);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['set-cookie']).toBeUndefined();
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  it('are refused to other sites: no preflight is answered', async () => {
    const headers = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
    const answer = await portal.client.send('OPTIONS', '/api/v1/secrets', { headers });
    expect(answer.status).toBe(405);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('give every request an id of our own making', async () => {
    const answer = await portal.client.send('GET', '/api/v1/nothing', {
      headers: { 'X-Request-Id': 'chosen' },
    });
    expect(answer.body.requestId).toMatch(/^[0-9a-f]{8}-/);
  });
});

describe('the pages', () => {
  it.each(['/', '/s/5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11', '/r'])(
    '%s run only their own code',
    async (path) => {
      const { status, headers } = await portal.client.send('GET', path, { headers: { Accept: 'text/html' } });
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'x-robots-tag': 'noindex, nofollow, noarchive',
        'cross-origin-opener-policy': 'same-origin',
        'strict-transport-security': 'max-age=63072000; includeSubDomains',
      });
      const policy = String(headers['content-security-policy']);
      for (const part of [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "form-action 'none'",
      ]) {
        expect(policy).toContain(part);
      }
      expect(policy).not.toContain('unsafe');
    },
  );
});
