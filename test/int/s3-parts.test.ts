import { randomBytes } from 'node:crypto';
import { BlobStoreAwayError } from '../../src/files/store/blob-store.errors.js';
import type { BlobWriter } from '../../src/files/store/blob-store.port.js';
import type { S3Bucket } from '../../src/files/store/s3/s3-blob.bucket.js';
import type { S3Place } from '../../src/files/store/s3/s3-blob.client.js';
import { partSize } from '../../src/files/store/s3/s3-blob.names.js';
import type { S3BlobStore } from '../../src/files/store/s3/s3-blob.store.js';
import { border, GRAIN } from '../support/blob-kit.js';
import { entriesOf } from '../support/blob-place.js';
import { digest, gather } from '../support/chunk-kit.js';
import { bucketOf, contentsOf, openS3 } from '../support/s3-kit.js';
import { OBTAIN_S3_MS, startS3, type TestS3 } from '../support/s3-server.js';

const id = '00ab5c0123456789abcdef0123456789';
const [P1, P2] = [partSize(GRAIN, 1), partSize(GRAIN, 2)];
const PIECE = 1_000_000;
const whole = randomBytes(P1 + 2 * P2 + 1_000_000);

let server: TestS3;
let place: S3Place;
let store: S3BlobStore;
let bucket: S3Bucket;
beforeAll(async () => {
  server = await startS3();
}, OBTAIN_S3_MS);
beforeEach(async () => {
  place = await server.place();
  store = await openS3(place);
  bucket = bucketOf(place);
});
afterEach(async () => {
  await store.close();
  bucket.close();
});

const key = (name: string) => place.prefix + name;
async function write(from: number, to: number, into = store): Promise<BlobWriter> {
  const writer = await into.append(id, from);
  for (let at = from; at < to; at += PIECE) await writer.write(whole.subarray(at, Math.min(to, at + PIECE)));
  return writer;
}
async function expectWhole(): Promise<void> {
  expect(digest(await gather(await store.read(id)))).toBe(digest(whole));
  expect(await contentsOf(place)).toEqual([`${id}: ${whole.length}`]);
  expect(await store.usedBytes()).toBe(whole.length);
}

describe('a blob in a bucket', () => {
  it('is one object, put at once when it is smaller than a part', async () => {
    const writer = await write(0, P1 - 1);
    expect(await contentsOf(place)).toEqual([]);
    await writer.finish();
    expect(await contentsOf(place)).toEqual([`${id}: ${P1 - 1}`]);
  });

  it('comes in parts, and can be continued behind each of them after a crash', async () => {
    const writer = await write(0, P1 + P2 + 700_000);
    expect(await writer.sync()).toBe(P1 + P2);
    expect(await contentsOf(place)).toEqual([`${id} in parts: ${P1},${P2}`]);
    // The process dies: the writer is not ended. Another one takes over.
    await store.close();
    store = await openS3(place);
    expect(await entriesOf(store)).toMatchObject([{ id, size: P1 + P2, partial: true }]);
    expect(await store.durableLength(id)).toBe(P1 + P2);
    await (await write(P1 + P2, whole.length)).finish();
    await expectWhole();
  });

  it.each([P1, P1 + P2])('that ends where a part does (%i) has no empty part', async (length) => {
    await (await write(0, length)).finish();
    expect(await contentsOf(place)).toEqual([`${id}: ${length}`]);
    expect(digest(await gather(await store.read(id)))).toBe(digest(whole.subarray(0, length)));
  });

  it('is made of many short uploads, each of them suspended, by several copies of the app in turn', async () => {
    const other = await openS3(place);
    let [here, there] = [store, other];
    let at = 0;
    for (let turn = 0; at < whole.length - 3_000_000; turn++) {
      [here, there] = [there, here];
      expect(await here.durableLength(id)).toBe(at);
      at = await (await write(at, at + 1_500_000 + turn, here)).suspend();
      const tails = (await contentsOf(place)).filter((name) => name.includes('.tail'));
      expect(tails.length).toBeLessThanOrEqual(1);
    }
    await (await write(at, whole.length, there)).finish();
    expect(digest(await gather(await here.read(id)))).toBe(digest(whole));
    expect(await contentsOf(place)).toEqual([`${id}: ${whole.length}`]);
    expect([await here.delete(id), await there.delete(id)]).toEqual([true, false]);
    await other.close();
  });

  it('takes at most about two parts of memory', async () => {
    const piece = randomBytes(1_000_000);
    const writer = await store.append(id, 0);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let n = 0; n < 80; n++) {
      await writer.write(piece);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    await writer.abort();
    // Two parts, and what passes through sockets.
    expect(most).toBeLessThan(2 * P2 + 6_000_000);
    expect(await contentsOf(place)).toEqual([]);
  });

  it('is aborted with its parts, those on their way too', async () => {
    const writer = await write(0, whole.length);
    await writer.abort();
    expect([await contentsOf(place), await store.usedBytes()]).toEqual([[], 0]);
  });
});

describe('what a crash leaves in a bucket', () => {
  it('of two uploads of one blob keeps the longer one', async () => {
    await bucket.createUpload(key(id));
    await store.close();
    store = await openS3(place);
    const writer = await write(0, P1 + 10);
    await writer.sync();
    await bucket.createUpload(key(id));
    await store.close();
    store = await openS3(place);
    expect(await store.durableLength(id)).toBe(P1);
    await (await write(P1, whole.length)).finish();
    await expectWhole();
  });

  it('takes no part for durable behind which nothing can follow: the last of a blob that was not completed', async () => {
    const upload = await bucket.createUpload(key(id));
    await bucket.uploadPart(key(id), upload, 1, whole.subarray(0, P1));
    await bucket.uploadPart(key(id), upload, 2, whole.subarray(P1, P1 + GRAIN.unit));
    expect(await store.durableLength(id)).toBe(P1);
    await (await write(P1, whole.length)).finish();
    await expectWhole();
  });

  it('forgets a tail that a part has overtaken, and tails of a finished blob', async () => {
    await (await write(0, P1 + border(3))).suspend();
    const tail = whole.subarray(P1, P1 + GRAIN.unit);
    for (const from of [0, 22, P1 + P2]) await bucket.put(key(`${id}.${from}.tail`), tail);
    const at = await store.durableLength(id);
    expect(at).toBe(P1 + 3 * GRAIN.unit);
    await (await write(at, whole.length)).finish();
    await expectWhole();
    await bucket.put(key(`${id}.0.tail`), tail);
    expect(await entriesOf(store)).toMatchObject([{ id, size: whole.length, partial: false }]);
    expect(await store.delete(id)).toBe(true);
    expect(await contentsOf(place)).toEqual([]);
  });

  it('may be less than a writer thinks: an upload that was aborted under it starts over', async () => {
    const writer = await write(0, P1);
    await writer.sync();
    for await (const upload of bucket.uploads(key(id))) await bucket.abortUpload(upload.key, upload.uploadId);
    const rest = writer.write(whole.subarray(P1)).then(() => writer.finish());
    await expect(rest).rejects.toThrow(BlobStoreAwayError);
    expect(await store.durableLength(id)).toBe(0);
    await (await write(0, whole.length)).finish();
    expect(digest(await gather(await store.read(id)))).toBe(digest(whole));
    expect(await contentsOf(place)).toEqual([`${id}: ${whole.length}`]);
  });

  it('is swept although it holds no byte: an upload without a part', async () => {
    await bucket.createUpload(key(id));
    expect(await entriesOf(store)).toMatchObject([{ id, size: 0, partial: true }]);
    expect(await store.delete(id)).toBe(true);
    expect(await contentsOf(place)).toEqual([]);
  });

  it('is all in the list, and nothing of others is: neighbours and other names are left alone', async () => {
    const foreign = ['readme.txt', `${id}.txt`, `sub/${id}`, `${id.toUpperCase()}`];
    for (const name of foreign) await bucket.put(key(name), Buffer.from('x'));
    await bucket.put(`x${place.prefix}${id}`, Buffer.from('x'));
    await (await write(0, 10)).finish();
    expect((await entriesOf(store)).map((entry) => entry.id)).toEqual([id]);
    await store.delete(id);
    expect(await contentsOf(place)).toEqual(foreign.map((name) => `${name}: 1`).sort());
  });
});

describe('long lists', () => {
  it('are read page by page', async () => {
    const names = Array.from({ length: 7 }, (_, n) => `${n}`.repeat(32));
    for (const name of names) await bucket.put(key(name), Buffer.from(name));
    const uploads: string[] = [];
    for (const name of names) uploads.push(await bucket.createUpload(key(name)));
    const one = { key: key(names.at(-1) ?? ''), uploadId: uploads.at(-1) ?? '', initiatedAt: 0 };
    for (const number of [3, 1, 2, 4, 5])
      await bucket.uploadPart(one.key, one.uploadId, number, Buffer.from('x'));

    const objects = [];
    for await (const object of bucket.objects(place.prefix, 2)) objects.push(object.key);
    expect(objects).toEqual(names.map(key));
    const found = [];
    for await (const upload of bucket.uploads(place.prefix, 3)) found.push(upload.uploadId);
    expect(found).toEqual(uploads);
    const parts = await bucket.parts(one, 2);
    expect(parts?.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  });
});
