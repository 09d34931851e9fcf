import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { S3Place } from '../../src/files/store/s3/s3-blob.client.js';
import { startApp } from '../support/app-process.js';
import { digest } from '../support/chunk-kit.js';
import { contentsOf, until } from '../support/s3-kit.js';
import { OBTAIN_S3_MS, startS3, type TestS3 } from '../support/s3-server.js';
import type { Client } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { openPortal, type Portal } from './kit/portal.js';
import { created, TusUpload } from './kit/uploads.js';

const CHUNK = 65_536;
const payload = randomBytes(12_000_000);

let server: TestS3;
let place: S3Place;
let portal: Portal;
let first: Client;
let second: Client;

const settingsOf = ({ bucket, endpoint, prefix, credentials }: S3Place): Record<string, string> => ({
  BLOB_STORE: 's3',
  S3_BUCKET: bucket,
  S3_ENDPOINT: endpoint ?? '',
  S3_PREFIX: prefix,
  S3_PATH_STYLE: 'on',
  S3_ACCESS_KEY_ID: credentials?.accessKeyId ?? '',
  S3_SECRET_ACCESS_KEY: credentials?.secretAccessKey ?? '',
});

beforeAll(async () => {
  server = await startS3();
  place = await server.place();
  portal = await openPortal({ apps: 2, env: settingsOf(place) });
  const [one, other] = portal.clients;
  if (!one || !other) throw new Error('two apps were asked for');
  [first, second] = [one, other];
}, OBTAIN_S3_MS);
afterAll(() => portal.close());

const complete = async (upload: TusUpload): Promise<string> =>
  created(await upload.complete({ files: [{ name: 'a.bin', size: payload.length }] })).id;

async function openOnce(client: Client, id: string): Promise<void> {
  const claim = randomBytes(16).toString('base64url');
  const got = await fetchFiles(client.url, id, { claim });
  expect([got.status, got.whole, digest(got.bytes)]).toEqual([200, true, digest(payload)]);
  const thanks = await client.send('POST', `/api/v1/secrets/${id}/acknowledge`, { json: { claim } });
  expect(thanks.status).toBe(204);
}

describe('two copies of the app with one bucket', () => {
  it('take an upload in turns, hand it out from either, and leave nothing', async () => {
    const upload = await TusUpload.begin(first, payload.length);
    const turns = [0, 7_000_000, 7_100_000, 9_000_000, payload.length];
    let at = 0;
    for (const [turn, end] of turns.entries()) {
      const through = upload.through(turn % 2 === 0 ? first : second);
      const { status, headers } = await through.patch(at, payload.subarray(at, Math.max(end, at + CHUNK)));
      expect(status).toBe(204);
      at = Number(headers['upload-offset']);
      expect(await upload.through(second).offset()).toBe(at);
    }
    const id = await complete(upload.through(second));
    expect(await contentsOf(place)).toHaveLength(1);
    await openOnce(first, id);
    await until(async () => (await contentsOf(place)).length === 0);
  });

  it('say that the bucket is away, and go on where they were when it is back', async () => {
    const upload = await TusUpload.begin(first, payload.length);
    await upload.patch(0, payload.subarray(0, 6_000_000));
    const offset = await upload.offset();
    await server.kill9();
    expect((await upload.patch(offset, payload.subarray(offset))).status).toBe(503);
    expect((await upload.head()).status).toBe(503);
    await server.restart();
    expect(await upload.offset()).toBe(offset);
    expect((await upload.patch(offset, payload.subarray(offset))).status).toBe(204);
    const id = await complete(upload);
    const claim = randomBytes(16).toString('base64url');
    await server.kill9();
    expect((await fetchFiles(second.url, id, { claim })).status).toBe(503);
    await server.restart();
    // The same claim: nothing was lost by that.
    const got = await fetchFiles(first.url, id, { claim });
    expect([got.status, digest(got.bytes)]).toEqual([200, digest(payload)]);
    for (const app of portal.apps) expect(app.output()).not.toContain(place.credentials?.secretAccessKey);
  });
});

describe('a start without its bucket', () => {
  it('ends with one line that says what to set', async () => {
    const env = { ...settingsOf(place), S3_BUCKET: 'elsewhere' };
    const failure = await startApp({ env, redisUrl: portal.redis.url }).catch(String);
    expect(failure).toContain('BLOB_STORE=s3: the bucket of S3_BUCKET, elsewhere, cannot be listed at');
    expect(failure).toContain('NoSuchBucket');
    expect(failure).not.toMatch(/\n\s+at /);
  });
});
