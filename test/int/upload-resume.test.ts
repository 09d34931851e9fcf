import { randomBytes, randomInt } from 'node:crypto';
import { statSync } from 'node:fs';
import http from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Upload } from 'tus-js-client';

import { chunkOffset } from '../../src/crypto/chunks/chunk-format.js';
import { digest } from '../support/chunk-kit.js';
import { cuttingProxy } from './kit/cutting-proxy.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { expectProblem } from './kit/problems.js';
import { blobFiles, CHUNK, created, formBody, openStored, TusUpload } from './kit/uploads.js';

const CUTS = 10;
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const dataDir = () => portal.apps[0]?.dataDir ?? '';
const stored = (id: string) =>
  openStored({ db: portal.db, dataDir: dataDir(), keys: portal.env['BURNBAG_KEYS'] ?? '' }, id);
const appPort = () => Number(new URL(portal.client.url).port);

/** The library of the web app, as it comes. @returns the path of the upload */
function sendByLibrary(bytes: Buffer, port: number, options: object = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `http://127.0.0.1:${port}/api/v1/uploads`,
      retryDelays: Array.from({ length: CUTS + 5 }, () => 10),
      onError: reject,
      onSuccess: () => resolve(new URL(upload.url ?? '').pathname),
      ...options,
    });
    upload.start();
  });
}

const complete = async (path: string, size: number) =>
  created(await portal.client.send('POST', `${path}/complete`, { json: { files: [{ name: 'a', size }] } }));

/** A request that sends a number of bytes of its body and then nothing more. Resolves when their whole chunks are written. */
async function hanging(path: string, length: number, body: Buffer): Promise<http.ClientRequest> {
  const request = http.request({
    port: appPort(),
    method: 'PATCH',
    path,
    agent: false,
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': length,
    },
  });
  request.on('error', () => undefined);
  const before = new Set(blobFiles(dataDir()));
  const written = chunkOffset(Math.floor(body.length / CHUNK));
  request.write(body);
  const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const added = (): string[] => blobFiles(dataDir()).filter((file) => !before.has(file));
  await until(() => added().some((file) => sizeOf(file) >= written));
  return request;
}

const sizeOnDisk = (): number => blobFiles(dataDir()).length;

describe('tus-js-client', () => {
  it.each([0, 1, CHUNK, 5 * CHUNK + 1])('uploads %i bytes', async (size) => {
    const bytes = randomBytes(size);
    const { id } = await complete(await sendByLibrary(bytes, appPort()), size);
    expect(digest((await stored(id)).payload)).toBe(digest(bytes));
  });

  it('uploads in pieces of its own choice', async () => {
    const bytes = randomBytes(10 * CHUNK + 7);
    const path = await sendByLibrary(bytes, appPort(), { chunkSize: 100_000 });
    expect(digest((await stored((await complete(path, bytes.length)).id)).payload)).toBe(digest(bytes));
  });

  it('gets everything across a connection that is cut at ten random places', async () => {
    const bytes = randomBytes(24 * 2 ** 20);
    const places = Array.from({ length: CUTS }, () => randomInt(1, 3 * 2 ** 20));
    const proxy = await cuttingProxy(appPort(), places);
    const { id } = await complete(await sendByLibrary(bytes, proxy.port), bytes.length);
    proxy.close();
    expect({ places, cuts: proxy.cuts }).toEqual({ places, cuts: CUTS });
    expect(digest((await stored(id)).payload)).toBe(digest(bytes));
  });

  it('gives an upload up', async () => {
    const before = sizeOnDisk();
    const upload = await TusUpload.begin(portal.client, 3 * CHUNK);
    await upload.patch(0, randomBytes(CHUNK));
    await Upload.terminate(portal.client.url + upload.path);
    expect(sizeOnDisk()).toBe(before);
  });
});

describe('a connection', () => {
  it('that breaks loses nothing of the whole chunks that had arrived', async () => {
    const bytes = randomBytes(10 * CHUNK);
    const upload = await TusUpload.begin(portal.client, bytes.length);
    const request = await hanging(upload.path, bytes.length, bytes.subarray(0, 7 * CHUNK + 100));
    request.destroy();
    await until(async () => (await upload.offset()) === 7 * CHUNK);
    expect((await upload.patch(7 * CHUNK, bytes.subarray(7 * CHUNK))).status).toBe(204);
    const { id } = await complete(upload.path, bytes.length);
    expect(digest((await stored(id)).payload)).toBe(digest(bytes));
  });

  it('that hangs gives way at once to a client that comes back', async () => {
    const bytes = randomBytes(10 * CHUNK);
    const upload = await TusUpload.begin(portal.client, bytes.length);
    const old = await hanging(upload.path, bytes.length, bytes.subarray(0, 3 * CHUNK + 9));
    const since = performance.now();
    const offset = await upload.offset();
    expect(performance.now() - since).toBeLessThan(20_000);
    expect(offset % CHUNK).toBe(0);
    expect((await upload.patch(offset, bytes.subarray(offset))).status).toBe(204);
    old.destroy();
    const { id } = await complete(upload.path, bytes.length);
    expect(digest((await stored(id)).payload)).toBe(digest(bytes));
  });

  it('is one writer at a time, however many there are', async () => {
    const bytes = randomBytes(40 * CHUNK);
    const upload = await TusUpload.begin(portal.client, bytes.length);
    for (let round = 0; round < 5; round++) {
      const offset = await upload.offset();
      if (offset === bytes.length) break;
      const tries = Array.from({ length: 8 }, () => upload.patch(offset, bytes.subarray(offset)));
      const answers = await Promise.allSettled(tries);
      for (const answer of answers) {
        if (answer.status === 'fulfilled') expect([204, 400, 404, 409, 423]).toContain(answer.value.status);
      }
    }
    // Each may have been sent away after the next few bytes: one that is alone brings the rest.
    const offset = await upload.offset();
    if (offset < bytes.length) await upload.patch(offset, bytes.subarray(offset));
    expect(await upload.offset()).toBe(bytes.length);
    const { id } = await complete(upload.path, bytes.length);
    expect(digest((await stored(id)).payload)).toBe(digest(bytes));
  });

  it('of a form that breaks leaves nothing', async () => {
    const before = sizeOnDisk();
    const body = formBody([{ name: 'file', filename: 'a', body: randomBytes(20 * CHUNK) }]);
    const socket = connect(appPort(), '127.0.0.1');
    const head = `POST /api/v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b0undary\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(head);
    socket.write(body.subarray(0, 12 * CHUNK));
    await until(() => sizeOnDisk() > before);
    socket.destroy();
    await once(socket, 'close');
    await until(() => sizeOnDisk() === before);
    await until(async () => (await portal.db.keys('*:u:*')).length === 0);
    expect(portal.apps[0]?.output()).not.toContain('"status":500');
  });

  it('is answered although it goes on sending, and is then closed', async () => {
    const upload = await TusUpload.begin(portal.client, 2 ** 28);
    const socket = connect(appPort(), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `PATCH ${upload.path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: ${CHUNK}\r\n` +
        `Content-Type: application/offset+octet-stream\r\nContent-Length: ${2 ** 27}\r\n\r\n`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('HTTP/1.1 409 Conflict');
    const sending = setInterval(() => socket.write(Buffer.alloc(1_000)), 20);
    await once(socket, 'close');
    clearInterval(sending);
    expectProblem(await upload.patch(1, randomBytes(10)), 409, 'upload_conflict');
  });
});
