import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Created } from './kit/client.js';
import { openPortal, type Portal } from './kit/portal.js';
import { expectField, expectProblem } from './kit/problems.js';

let portal: Portal;
let kept: Created;

beforeAll(async () => {
  portal = await openPortal();
  kept = await portal.client.create({ content: 'kept' });
});
afterAll(() => portal.close());

const post = (path: string, text: string | Buffer, headers: Record<string, string> = {}) =>
  portal.client.send('POST', path, { text, headers });

describe('a body', () => {
  it('that is not JSON is refused by name', async () => {
    for (const text of [
      '{',
      '{"content":',
      'content=x',
      '{"content":"x"}}',
      "{'content':'x'}",
      '\u0000',
      '{"a":NaN}',
    ]) {
      expectField(await post('/api/v1/secrets', text), 'body');
    }
    expectField(await post('/api/v1/secrets', Buffer.from([0xff, 0xfe, 0x7b])), 'body');
    // An empty body counts as none: the missing fields are named.
    expectField(await post('/api/v1/secrets', ''), 'content');
  });

  it('that is not an object burns nothing, although a burn needs no body', async () => {
    const { id } = await portal.client.create();
    for (const text of ['null', '[]', '0', 'false', '""']) {
      const answer = await portal.client.send('DELETE', `/api/v1/secrets/${id}`, {
        text,
        headers: { 'content-type': 'application/json' },
      });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'body' }] } });
    }
    expect((await portal.client.status(id)).body).toMatchObject({ state: 'live' });
  });

  it('that is not an object is refused by name', async () => {
    for (const text of ['[]', 'null', '"x"', '1', 'true', '[{"content":"x"}]']) {
      const answer = await post('/api/v1/secrets', text);
      expectProblem(answer, 400, 'validation_failed');
    }
  });

  it('with too much structure is refused before the rest has arrived', async () => {
    const length = 1_000_000;
    for (const beginning of ['{'.padEnd(2_000, '"a":0,'), '['.repeat(100)]) {
      const request = http.request(`${portal.client.url}/api/v1/secrets`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': length },
      });
      request.write(beginning);
      const [{ statusCode }] = (await once(request, 'response')) as [http.IncomingMessage];
      expect(statusCode).toBe(400);
      request.destroy();
    }
  });

  it('cannot reach a prototype', async () => {
    for (const text of [
      '{"content":"x","__proto__":{"sealed":true}}',
      '{"content":"x","constructor":{"prototype":{"a":1}}}',
      '{"content":"x","toString":"y"}',
      '{"content":"x","hasOwnProperty":1}',
      '{"content":"x","constructor":1}',
      '{"__proto__":{"content":"x"}}',
    ]) {
      expectProblem(await post('/api/v1/secrets', text), 400);
    }
    expect((await portal.client.tryCreate({ content: 'still fine' })).status).toBe(201);
  });

  it('that says null where a field could be left out is refused by name, and nothing is done', async () => {
    for (const field of [
      'ttlSeconds',
      'maxViews',
      'passphrase',
      'sealed',
      'proofHash',
      'passphraseRequired',
    ]) {
      expectField(await post('/api/v1/secrets', JSON.stringify({ content: 'x', [field]: null })), field);
    }
    for (const field of ['passphrase', 'proof', 'claim']) {
      expectField(await post(`/api/v1/secrets/${kept.id}/reveal`, `{"${field}":null}`), field);
    }
    for (const field of ['passphrase', 'proof']) {
      const body = { text: `{"${field}":null}`, headers: {} };
      expectField(await portal.client.send('DELETE', `/api/v1/secrets/${kept.id}`, body), field);
    }
    expect((await portal.client.status(kept.id)).status).toBe(200);
  });

  it('must be application/json', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/xml',
    ]) {
      const answer = await post('/api/v1/secrets', '{"content":"x"}', { 'content-type': type });
      expectProblem(answer, 415, 'unsupported_media_type');
    }
    const charset = await post('/api/v1/secrets', '{"content":"x"}', {
      'content-type': 'application/json; charset=utf-8',
    });
    expect(charset.status).toBe(201);
  });
});

describe('an address', () => {
  it.each([
    'x',
    '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e1',
    '5f0c8f3e-6a52-1d4e-9d5e-2f1a7c9b0e11',
    '5f0c8f3e6a524d4e9d5e2f1a7c9b0e11',
    '{5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11}',
    '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11%00',
    '%F0%9F%94%A5',
    "1'%20OR%201=1",
  ])('%s is not an id, and is refused by name', async (id) => {
    expectField(await portal.client.reveal(id), 'id');
    expectField(await portal.client.get(id), 'id');
    expectField(await portal.client.status(id), 'id');
    expectField(await portal.client.burn(id), 'id');
    expect((await portal.client.head(id)).status).toBe(400);
  });

  it('may spell its id in upper case', async () => {
    const { id } = await portal.client.create({ content: 'same' });
    expect((await portal.client.reveal(id.toUpperCase())).body).toMatchObject({ content: 'same' });
  });

  it('that does not exist, or cannot be read, is a problem like any other', async () => {
    expectProblem(await portal.client.send('GET', '/api/v1/nothing'), 404, 'route_not_found');
    expectProblem(await portal.client.send('PUT', `/api/v1/secrets/${kept.id}`, { json: {} }), 405);
    expectProblem(await portal.client.send('GET', `/api/v1/secrets/${'x'.repeat(5_000)}`));
    expectProblem(await portal.client.send('GET', '/api/v1/secrets/%zz'), 400);
    expectProblem(await portal.client.send('GET', '/api/v1/secrets/%E0%A4%A'), 400);
  });

  it('of a receipt is taken only as it was issued', async () => {
    const token = kept.receiptToken;
    const bytes = Buffer.from(token, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expectProblem(await portal.client.receipt(flipped.toString('base64url')), 404, 'receipt_invalid');
    }
    const wrong = [
      'x',
      `${token}A`,
      token.slice(1),
      `${token.slice(0, -1)}-`,
      '%00',
      '..%2f',
      randomBytes(49).toString('base64url'),
    ];
    for (const spelled of wrong) expectProblem(await portal.client.receipt(spelled), 404, 'receipt_invalid');
    expect((await portal.client.receipt(token)).body).toMatchObject({ state: 'live', maxViews: 1, size: 4 });
  });

  it.each([
    ['claim', 'A'.repeat(21)],
    ['claim', 'A'.repeat(23)],
    ['claim', '+'.repeat(22)],
    ['claim', 7],
    ['proof', 'A'.repeat(42)],
    ['proof', `${'A'.repeat(42)}=`],
    ['proof', {}],
    ['passphrase', ''],
    ['passphrase', 'x'.repeat(257)],
    ['passphrase', []],
    ['nonsense', 1],
  ])('does not help a reveal with %s = %j', async (field, value) => {
    expectField(await portal.client.reveal(kept.id, { [field]: value }), field);
    if (field === 'claim') expectField(await portal.client.acknowledge(kept.id, String(value)), field);
  });
});
