import { randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { idBytes, refOf } from '../../src/common/ids.js';
import { secretIdOf } from '../../src/files/upload-id.js';
import { fileKeys } from '../../src/redis/redis-keys.js';
import { sealedBytesLimit } from '../../src/secrets/create/sealed-content.js';
import { digest } from '../support/chunk-kit.js';
import type { Answer } from './kit/client.js';
import { openPortal, settledKeyspace, type Portal } from './kit/portal.js';
import { expectField, expectProblem } from './kit/problems.js';
import { blobFiles, CHUNK, created, openStored, tryBegin, TusUpload } from './kit/uploads.js';

const FILE_MAX = 524_288_000;
const TUS_HEADERS = { 'tus-resumable': '1.0.0' };
const TUS_BODY = 'application/offset+octet-stream';
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const dataDir = () => portal.apps[0]?.dataDir ?? '';
const stored = (id: string) =>
  openStored({ db: portal.db, dataDir: dataDir(), keys: portal.env['BURNBAG_KEYS'] ?? '' }, id);
const begin = (length: number) => TusUpload.begin(portal.client, length);
const oneFile = (size: number) => ({ files: [{ name: 'a.bin', size }] });

async function whole(bytes: Buffer): Promise<TusUpload> {
  const upload = await begin(bytes.length);
  if (bytes.length > 0) expect((await upload.patch(0, bytes)).status).toBe(204);
  return upload;
}

describe('an upload', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 ** 20 + 1])(
    'of %i bytes arrives as it was sent, in one piece',
    async (size) => {
      const bytes = randomBytes(size);
      const upload = await whole(bytes);
      expect(await upload.offset()).toBe(size);
      const { id } = created(await upload.complete(oneFile(size)));
      const { facts, payload, manifest } = await stored(id);
      expect(digest(payload)).toBe(digest(bytes));
      expect(facts).toEqual({ count: 1, bytes: size, payloadBytes: size });
      expect(JSON.parse(manifest.toString())).toEqual({ files: [{ name: 'a.bin', type: '', size }] });
    },
  );

  it.each([CHUNK, CHUNK + 1, 100_000, 3 * CHUNK])(
    'goes on behind its last whole chunk, whatever a piece brings (%i bytes each)',
    async (piece) => {
      const bytes = randomBytes(5 * CHUNK + 77);
      const upload = await begin(bytes.length);
      for (let offset = 0; offset < bytes.length;) {
        const { status, headers } = await upload.patch(offset, bytes.subarray(offset, offset + piece));
        expect(status).toBe(204);
        const next = Number(headers['upload-offset']);
        expect(next === bytes.length || next % CHUNK === 0).toBe(true);
        expect(next).toBeGreaterThan(offset);
        offset = next;
      }
      const { id } = created(await upload.complete(oneFile(bytes.length)));
      expect(digest((await stored(id)).payload)).toBe(digest(bytes));
    },
  );

  it('keeps nothing of a piece below a whole chunk, and says so', async () => {
    const upload = await begin(CHUNK + 5);
    expectProblem(await upload.patch(0, randomBytes(CHUNK - 1)), 400, 'bad_request');
    expectProblem(await upload.patch(0, Buffer.alloc(0)), 400, 'bad_request');
    expect(await upload.offset()).toBe(0);
    expect((await upload.patch(0, randomBytes(CHUNK + 5))).status).toBe(204);
  });

  it('is refused at another offset, which is told', async () => {
    const upload = await begin(3 * CHUNK);
    await upload.patch(0, randomBytes(CHUNK));
    for (const wrong of [0, 1, 2 * CHUNK, 10 ** 14]) {
      const answer = await upload.patch(wrong, randomBytes(CHUNK));
      expectProblem(answer, 409, 'upload_conflict');
      expect(answer.body.offset).toBe(CHUNK);
    }
  });

  it('takes no byte beyond its length', async () => {
    const upload = await begin(CHUNK);
    const answer = await upload.patch(0, randomBytes(CHUNK + 1));
    expectProblem(answer, 413, 'payload_too_large');
    expect(answer.body).toMatchObject({ field: 'body', limit: CHUNK });
    const { port } = new URL(portal.client.url);
    const unannounced = await new Promise<Answer['status']>((resolve, reject) => {
      const headers = { ...TUS_HEADERS, 'upload-offset': '0', 'content-type': TUS_BODY };
      const request = http.request({ port, path: upload.path, method: 'PATCH', headers, agent: false });
      request.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject);
      request.end(randomBytes(CHUNK + 1));
    });
    expect(unannounced).toBe(413);
    expect((await upload.patch(0, randomBytes(CHUNK))).status).toBe(204);
  });

  it('answers the same when it is completed again, and leaves no upload behind', async () => {
    const upload = await whole(randomBytes(100));
    const first = created(await upload.complete(oneFile(100)));
    expect(created(await upload.complete(oneFile(100)))).toEqual(first);
    expect(first.id).toBe(secretIdOf(upload.path.split('/').at(-1) ?? ''));
    expectProblem(await upload.patch(100, randomBytes(1)), 404, 'upload_not_found');
    expectProblem(await upload.giveUp(), 404, 'upload_not_found');
    expect((await stored(first.id)).payload).toHaveLength(100);
    expect(await portal.db.exists(fileKeys(Buffer.from(first.ref, 'hex')).upload)).toBe(0);
  });

  it('cannot be changed with the link of the secret', async () => {
    const upload = await whole(randomBytes(CHUNK));
    const { id } = created(await upload.complete(oneFile(CHUNK)));
    const path = `/api/v1/uploads/${id}`;
    const headers = { 'tus-resumable': '1.0.0' };
    expectProblem(await portal.client.send('DELETE', path, { headers }), 404, 'upload_not_found');
    expectProblem(await portal.client.send('POST', `${path}/complete`, { json: oneFile(CHUNK) }), 404);
    expect((await stored(id)).payload).toHaveLength(CHUNK);
  });

  it('makes no second secret once the first was burnt', async () => {
    const upload = await whole(randomBytes(10));
    const { id, receiptToken } = created(await upload.complete(oneFile(10)));
    await portal.client.burn(id, { headers: { 'x-receipt-token': receiptToken } });
    expectProblem(await upload.complete(oneFile(10)), 410, 'secret_gone');
  });

  it('is not complete before its last byte', async () => {
    const upload = await begin(2 * CHUNK);
    await upload.patch(0, randomBytes(CHUNK));
    const answer = await upload.complete(oneFile(2 * CHUNK));
    expectProblem(answer, 409, 'upload_incomplete');
    expect(answer.body).toMatchObject({ offset: CHUNK, length: 2 * CHUNK });
  });

  it('that is given up leaves nothing', async () => {
    const before = await settledKeyspace(portal.db);
    const blobs = blobFiles(dataDir());
    // One of before may still be on its way out.
    const more = () => blobFiles(dataDir()).filter((path) => !blobs.includes(path));
    const upload = await begin(2 * CHUNK);
    await upload.patch(0, randomBytes(CHUNK));
    expect(more()).toHaveLength(1);
    expect((await upload.giveUp()).status).toBe(204);
    expectProblem(await upload.patch(CHUNK, randomBytes(CHUNK)), 404, 'upload_not_found');
    expect(await settledKeyspace(portal.db)).toEqual(before);
    expect(more()).toEqual([]);
  });

  it('is forgotten by Redis after UPLOAD_IDLE_SECONDS without progress', async () => {
    const upload = await begin(2 * CHUNK);
    const { upload: key } = fileKeys(refOf(idBytes(secretIdOf(upload.path.split('/').at(-1) ?? ''))));
    await portal.db.pexpire(key, 60_000);
    await upload.patch(0, randomBytes(CHUNK));
    expect(await portal.db.pttl(key)).toBeGreaterThan(14_390_000);
    await upload.giveUp();
  });
});

describe('the tus protocol', () => {
  it('tells what it can do', async () => {
    const { status, headers } = await portal.client.send('OPTIONS', '/api/v1/uploads');
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'creation,termination,expiration',
      'tus-max-size': String(sealedBytesLimit(FILE_MAX)),
    });
  });

  it('is spoken in one version, and every answer says so', async () => {
    const upload = await begin(10);
    const without = await portal.client.send('HEAD', upload.path);
    expect(without.status).toBe(412);
    const wrong = await upload.patch(0, randomBytes(10), { 'tus-resumable': '0.2.2' });
    expectProblem(wrong, 412, 'tus_version_wrong');
    expect(wrong.headers['tus-version']).toBe('1.0.0');
    const known = await upload.head();
    expect(known.headers).toMatchObject({
      'tus-resumable': '1.0.0',
      'cache-control': 'no-store, no-cache, must-revalidate',
      'x-content-type-options': 'nosniff',
    });
    expect(known.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(['', '-1', '1.5', '1e3', '0x10', 'many', '1'.repeat(16)])(
    'takes a whole number of bytes for a length, not %j',
    async (length) => expectField(await tryBegin(portal.client, length), 'Upload-Length'),
  );

  it('begins nothing above FILE_MAX_BYTES', async () => {
    const most = sealedBytesLimit(FILE_MAX);
    const answer = await tryBegin(portal.client, most + 1);
    expectProblem(answer, 413, 'file_too_large');
    expect(answer.body).toMatchObject({ field: 'Upload-Length', limit: FILE_MAX });
    expect((await tryBegin(portal.client, most)).status).toBe(201);
  });

  it('knows no upload that it did not give out', async () => {
    for (const id of [randomUUID(), 'nonsense', '..', '%00']) {
      const answer = await portal.client.send('PATCH', `/api/v1/uploads/${id}`, {
        text: 'x',
        headers: {
          'tus-resumable': '1.0.0',
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
        },
      });
      expect([400, 404]).toContain(answer.status);
    }
  });

  it('wants its own content type, and only there', async () => {
    const upload = await begin(10);
    const json = await upload.patch(0, Buffer.from('{"a":1234}'), { 'content-type': 'application/json' });
    expectProblem(json, 415, 'unsupported_media_type');
    const form = await upload.patch(0, randomBytes(10), {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expectProblem(form, 415, 'unsupported_media_type');
    const elsewhere = await portal.client.send('POST', '/api/v1/secrets', {
      text: '{"content":"x"}',
      headers: { 'content-type': 'application/offset+octet-stream' },
    });
    expectProblem(elsewhere, 415, 'unsupported_media_type');
    expectField(await upload.patch(0, randomBytes(10), { 'upload-offset': 'x' }), 'Upload-Offset');
  });

  it('never shows an id of an upload in the log or in Redis', async () => {
    const upload = await whole(randomBytes(CHUNK));
    const { id } = created(await upload.complete(oneFile(CHUNK)));
    const uploadId = upload.path.split('/').at(-1) ?? '';
    const everything = JSON.stringify(await settledKeyspace(portal.db)) + (portal.apps[0]?.output() ?? '');
    for (const secret of [uploadId, uploadId.replaceAll('-', ''), id, id.replaceAll('-', '')]) {
      expect(everything.includes(secret)).toBe(false);
    }
  });
});
