import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/common/clock.js';
import { S3Bucket } from '../../src/files/store/s3/s3-blob.bucket.js';
import { S3_PATIENCE, s3Client, type S3Place } from '../../src/files/store/s3/s3-blob.client.js';
import { S3BlobStore } from '../../src/files/store/s3/s3-blob.store.js';
import { GRAIN } from './blob-kit.js';
import type { BlobPlace } from './blob-place.js';
import type { TestS3 } from './s3-server.js';

export const openS3 = (place: S3Place, patience = S3_PATIENCE): Promise<S3BlobStore> =>
  S3BlobStore.open(place, GRAIN, systemClock, patience);

/** The bucket itself, to look at what is in it and to put into it what a crash may leave. The caller closes it. */
export const bucketOf = (place: S3Place): S3Bucket => new S3Bucket(s3Client(place), place.bucket);

/** Objects by their size, and uploads in progress by their parts, all without the prefix. */
export async function contentsOf(place: S3Place): Promise<string[]> {
  const bucket = bucketOf(place);
  const found: string[] = [];
  for await (const { key, size } of bucket.objects(place.prefix))
    found.push(`${key.slice(place.prefix.length)}: ${size}`);
  for await (const upload of bucket.uploads(place.prefix)) {
    const sizes = (await bucket.parts(upload))?.map(({ size }) => size) ?? [];
    found.push(`${upload.key.slice(place.prefix.length)} in parts: ${sizes.join()}`);
  }
  bucket.close();
  return found;
}

/** A prefix of its own for each test of the contract. */
export async function s3BlobPlace(server: TestS3): Promise<BlobPlace> {
  const place = await server.place();
  return {
    open: () => openS3(place),
    contents: () => contentsOf(place),
    remove: async () => undefined,
  };
}

/** Waits for what happens elsewhere. @throws after half a minute */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const since = Date.now(); !(await isSo()); await delay(10))
    if (Date.now() - since > 30_000) throw new Error('waited for half a minute');
}
