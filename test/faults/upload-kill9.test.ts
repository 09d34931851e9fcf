import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { Client } from '../int/kit/client.js';
import { connectTo, newKeys, until } from '../int/kit/portal.js';
import { blobFiles, CHUNK, created, formBody, openStored, TusUpload } from '../int/kit/uploads.js';
import { startApp } from '../support/app-process.js';
import { digest } from '../support/chunk-kit.js';
import { freePort } from '../support/free-port.js';
import { startRedis } from '../support/redis-server.js';

const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-upload-kill9-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const BYTES = 800 * CHUNK + 11;
const KILLS = 4;

/** Sends all but the last chunk, so that it never comes to its end; resolves when the connection does. */
function pour(port: number, path: string, headers: http.OutgoingHttpHeaders, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const method = headers['upload-offset'] === undefined ? 'POST' : 'PATCH';
    const described = { ...headers, 'content-length': body.length };
    const request = http.request({ port, path, method, agent: false, headers: described }, (response) => {
      response.resume();
    });
    request.on('error', () => undefined).on('close', () => resolve());
    // In pieces with pauses: the kill has to come in the middle.
    const send = async (): Promise<void> => {
      for (let at = 0; at + CHUNK < body.length && !request.destroyed; at += CHUNK) {
        request.write(body.subarray(at, at + CHUNK));
        await new Promise((next) => setTimeout(next, 5));
      }
    };
    void send();
  });
}

describe('kill -9 of the app', () => {
  it('in the middle of an upload, repeatedly, costs its sender nothing; a form leaves nothing', async () => {
    const redis = await startRedis({ config: { appendonly: 'yes' } });
    const db = connectTo(redis);
    const port = await freePort();
    const env = { BURNBAG_KEYS: newKeys(), RATE_LIMIT: 'off', FILE_SWEEP_SECONDS: '1' };
    const start = () => startApp({ env, redisUrl: redis.url, dataDir, port });
    const bytes = randomBytes(BYTES);
    const sizes: number[] = [];

    let app = await start();
    const client = new Client(app.url);
    const upload = await TusUpload.begin(client, BYTES);
    let offset = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const tus = {
        'tus-resumable': '1.0.0',
        'upload-offset': offset,
        'content-type': 'application/offset+octet-stream',
      };
      const form = formBody([{ name: 'file', filename: 'a', body: randomBytes(500 * CHUNK) }]);
      const pouring = [
        pour(port, upload.path, tus, bytes.subarray(offset)),
        pour(port, '/api/v1/files', { 'content-type': 'multipart/form-data; boundary=b0undary' }, form),
      ];
      await until(() => blobFiles(dataDir).length >= 2);
      await new Promise((resolve) => setTimeout(resolve, 60 + 40 * kill));
      await app.kill9();
      await Promise.all(pouring);
      app = await start();
      const next = await upload.offset();
      expect(next).toBeGreaterThanOrEqual(offset);
      expect(next % CHUNK).toBe(0);
      sizes.push(next - offset);
      offset = next;
      // The remains of the form have no owner once its record has expired.
      const others = (await db.keys('*:u:*')).length - 1;
      for (const key of await db.keys('*:u:*')) {
        if ((await db.pttl(key)) < 61_000) await db.pexpire(key, 1);
      }
      expect(others).toBeLessThanOrEqual(1);
      await until(() => blobFiles(dataDir).length <= 1);
    }
    expect(sizes.some((size) => size > 0)).toBe(true);
    expect(offset).toBeLessThan(BYTES);

    expect((await upload.patch(offset, bytes.subarray(offset))).status).toBe(204);
    const { id } = created(await upload.complete({ files: [{ name: 'a', size: BYTES }] }));
    const { payload } = await openStored({ db, dataDir, keys: env.BURNBAG_KEYS }, id);
    expect(digest(payload)).toBe(digest(bytes));
    expect(blobFiles(dataDir)).toHaveLength(1);
    client.close();
    await app.stop();
    db.disconnect();
    await redis.stop();
  }, 400_000);
});
