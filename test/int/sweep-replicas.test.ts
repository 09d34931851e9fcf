import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { S3Place } from '../../src/files/store/s3/s3-blob.client.js';
import { fileKeys } from '../../src/redis/redis-keys.js';
import { GRAIN } from '../support/blob-kit.js';
import { digest } from '../support/chunk-kit.js';
import { contentsOf, openS3 } from '../support/s3-kit.js';
import { OBTAIN_S3_MS, startS3 } from '../support/s3-server.js';
import { newClaim, type Client } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';
import { caughtUp } from './kit/recorded.js';
import { created, TusUpload } from './kit/uploads.js';

const payload = randomBytes(12_000_000);
let place: S3Place;
let portal: Portal;

beforeAll(async () => {
  const server = await startS3();
  place = await server.place();
  const env = {
    FILE_SWEEP_SECONDS: '1',
    BLOB_STORE: 's3',
    S3_BUCKET: place.bucket,
    S3_ENDPOINT: place.endpoint ?? '',
    S3_PREFIX: place.prefix,
    S3_PATH_STYLE: 'on',
    S3_ACCESS_KEY_ID: place.credentials?.accessKeyId ?? '',
    S3_SECRET_ACCESS_KEY: place.credentials?.secretAccessKey ?? '',
  };
  portal = await openPortal({ apps: 2, env });
}, OBTAIN_S3_MS);
afterAll(() => portal.close());

/** A blob without an owner, complete or not, left by an abandoned upload. */
async function leaveBlob(whole: boolean): Promise<string> {
  const ref = randomBytes(16);
  const id = ref.toString('hex');
  const { upload } = fileKeys(ref);
  // Without its record it would be swept while it is written.
  await portal.db.set(upload, 'arriving');
  const store = await openS3(place);
  const writer = await store.append(id, 0);
  await writer.write(randomBytes(GRAIN.head + 100 * GRAIN.unit));
  await (whole ? writer.finish() : writer.suspend());
  await store.close();
  expect(await isThere(id)).toBe(true);
  await portal.db.del(upload);
  return id;
}

const isThere = async (id: string): Promise<boolean> =>
  (await contentsOf(place)).some((line) => line.includes(id));

/** A marker was left now and is swept: rounds of both have begun and ended, at least of one of them. */
async function roundsGoBy(): Promise<void> {
  for (let n = 0; n < 3; n++) {
    const marker = await leaveBlob(true);
    await until(async () => !(await isThere(marker)));
  }
}

async function handOver(client: Client, bytes: Buffer): Promise<string> {
  const upload = await TusUpload.begin(client, bytes.length);
  expect((await upload.patch(0, bytes)).status).toBe(204);
  return created(await upload.complete({ files: [{ name: 'a.bin', size: bytes.length }] })).id;
}

describe('two sweepers on one bucket', () => {
  it('let an upload be that is slower than they are, and the secret that it becomes', async () => {
    const [first, second] = portal.clients as [Client, Client];
    const upload = await TusUpload.begin(first, payload.length);
    let at = 0;
    for (const end of [4_000_000, 9_000_000, payload.length]) {
      const { headers } = await upload.patch(at, payload.subarray(at, end));
      at = Number(headers['upload-offset']);
      await roundsGoBy();
      expect(await upload.through(second).offset()).toBe(at);
    }
    const { id } = created(
      await upload.through(second).complete({ files: [{ name: 'a.bin', size: payload.length }] }),
    );
    await roundsGoBy();
    const got = await fetchFiles(first.url, id, { claim: newClaim() });
    expect([got.status, digest(got.bytes)]).toEqual([200, digest(payload)]);
  });

  it('delete blobs without an owner, whole or in parts', async () => {
    const orphans = [await leaveBlob(true), await leaveBlob(false)];
    await until(async () => !(await Promise.all(orphans.map(isThere))).includes(true));
  });

  it('burn a secret once whose object is lost, and forget it', async () => {
    const [first] = portal.clients as [Client];
    const lost = await handOver(first, randomBytes(1_000));
    const kept = await handOver(first, randomBytes(1_000));
    const { record } = keysOf(lost);
    const ref = Buffer.from(record.slice(-32), 'hex');
    const store = await openS3(place);
    await store.delete(ref.toString('hex'));
    await store.close();
    await until(async () => (await portal.db.exists(record)) === 0);
    await until(async () => (await portal.db.sismember(fileKeys(ref).index, ref.toString('hex'))) === 0);
    await caughtUp(portal);
    expect(await fetchFiles(first.url, lost, { claim: newClaim() })).toMatchObject({ status: 410 });
    expect((await fetchFiles(first.url, kept, { claim: newClaim() })).status).toBe(200);
    const burnt = () =>
      portal.apps.reduce((sum, app) => sum + app.output().split('its files are lost').length - 1, 0);
    await until(() => burnt() > 0);
    await roundsGoBy();
    expect(burnt()).toBe(1);
  });
});
