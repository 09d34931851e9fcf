import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Answer } from './kit/client.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { blobFiles, CHUNK, created, formBody, sendForm, TusUpload } from './kit/uploads.js';

const PLACES = 3;
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({
    env: { UPLOADS_AT_ONCE: String(PLACES), UPLOAD_MIN_RATE: '2000', TRUST_PROXY: 'loopback' },
  });
});
afterAll(() => portal.close());

interface Slow {
  readonly answer: Promise<{ status: number; body: string }>;
  destroy(): void;
}

/** By then the pace must have been refused; the form ends, so that a portal that accepts it answers. */
const SENT_MAX = 60;

/** A form whose body comes one byte each second. */
function sendSlowly(headers: Readonly<Record<string, string>> = {}): Slow {
  const request = http.request(`${portal.client.url}/api/v1/files`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'multipart/form-data; boundary=b0undary', ...headers },
  });
  const body = formBody([{ name: 'file', filename: 'a', body: randomBytes(100) }]);
  const end = body.subarray(body.length - 60);
  request.write(body.subarray(0, body.length - 60));
  let sent = 0;
  const timer = setInterval(() => {
    if (sent++ < SENT_MAX) return void request.write('x');
    clearInterval(timer);
    request.end(end);
  }, 1_000);
  const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
    request.on('response', (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.on('error', reject);
  }).finally(() => clearInterval(timer));
  answer.catch(() => undefined);
  return { answer, destroy: () => request.destroy() };
}

const arriving = (): number => blobFiles(portal.apps[0]?.dataDir ?? '').length;
const formFrom = (address: string): Promise<Answer> =>
  portal.client.send('POST', '/api/v1/files', {
    text: formBody([{ name: 'file', filename: 'a', body: 'x' }]),
    headers: { 'content-type': 'multipart/form-data; boundary=b0undary', 'x-forwarded-for': address },
  });

describe('a form that comes a byte at a time', () => {
  it('is ended with 408 and leaves nothing, and others of its client wait no longer than that', async () => {
    const slow = Array.from({ length: PLACES }, () => sendSlowly({ 'x-forwarded-for': '203.0.113.8' }));
    await until(() => arriving() === PLACES);
    const refused = await formFrom('203.0.113.8');
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_uploads', limit: PLACES } });
    expect(refused.headers['retry-after']).toBe('5');
    created(await formFrom('203.0.113.9'));
    for (const { answer } of slow) {
      const { status, body } = await answer;
      expect([status, body]).toEqual([408, expect.stringContaining('upload_too_slow')]);
    }
    await until(() => arriving() === 1);
    created(await formFrom('203.0.113.8'));
    for (const { destroy } of slow) destroy();
  });
});

describe('a body that is coded', () => {
  const GZIP = { 'content-encoding': 'gzip' };

  it('is refused with 415 wherever it goes, and nothing of it is stored', async () => {
    const { client } = portal;
    const upload = await TusUpload.begin(client, CHUNK);
    const bytes = gzipSync(randomBytes(CHUNK));
    const answers = [
      await upload.patch(0, bytes, GZIP),
      await client.send('POST', '/api/v1/secrets', { text: gzipSync('{"content":"x"}'), headers: GZIP }),
      await client.send('POST', '/api/v1/files', { text: bytes, headers: { ...GZIP } }),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
      expect(answer.headers['accept-encoding']).toBe('identity');
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    }
    expect(await upload.offset()).toBe(0);
    expect((await upload.patch(0, randomBytes(CHUNK), { 'content-encoding': 'identity' })).status).toBe(204);
  });
});

describe('X-HTTP-Method-Override', () => {
  const TUS = { 'tus-resumable': '1.0.0' };
  const as = (method: string) => ({ ...TUS, 'x-http-method-override': method });

  it('is the method of a POST to an upload', async () => {
    const { client } = portal;
    const bytes = randomBytes(CHUNK);
    const { path } = await TusUpload.begin(client, CHUNK + 1);
    const patched = await client.send('POST', path, {
      text: bytes,
      headers: { ...as('PATCH'), 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    });
    expect([patched.status, patched.headers['upload-offset']]).toEqual([204, String(CHUNK)]);
    const looked = await client.send('POST', path, { headers: as('HEAD') });
    expect([looked.status, looked.headers['upload-offset']]).toEqual([200, String(CHUNK)]);
    expect((await client.send('POST', path, { headers: as('DELETE') })).status).toBe(204);
    expect((await client.send('HEAD', path, { headers: TUS })).status).toBe(404);
  });

  it('is nothing to other routes and methods', async () => {
    const { client } = portal;
    const { id } = await client.create();
    expect((await client.send('POST', `/api/v1/secrets/${id}`, { headers: as('DELETE') })).status).toBe(405);
    const { path } = await TusUpload.begin(client, 10);
    expect((await client.send('POST', path, { headers: as('GET') })).status).toBe(405);
    expect((await client.send('HEAD', path, { headers: as('DELETE') })).status).toBe(200);
    expect((await client.status(id)).body).toMatchObject({ state: 'live' });
  });
});

it('a name beyond ASCII has a fallback without a question mark', async () => {
  const { client } = portal;
  const { id } = created(await sendForm(client, [{ name: 'file', filename: 'Prüfbericht.pdf', body: 'x' }]));
  const claim = randomBytes(16).toString('base64url');
  const { headers } = await client.send('GET', `/api/v1/files/${id}`, { headers: { 'x-claim': claim } });
  expect(headers['content-disposition']).toBe(
    `attachment; filename=Prufbericht.pdf; filename*=UTF-8''Pr%C3%BCfbericht.pdf`,
  );
});
