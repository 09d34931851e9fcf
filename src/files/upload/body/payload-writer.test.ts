import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { everythingIn, GRAIN, newDataDir } from '../../../../test/support/blob-kit.js';
import { digest, gather } from '../../../../test/support/chunk-kit.js';
import { ChunkDecryptor } from '../../../crypto/chunks/chunk-decryptor.js';
import {
  CHUNK_BYTES as C,
  chunkHeader,
  storedLengthOf,
  type ChunkAccess,
} from '../../../crypto/chunks/chunk-format.js';
import { systemRandom } from '../../../crypto/random-source.port.js';
import { BlobStoreAwayError, BlobStoreFullError } from '../../store/blob-store.errors.js';
import type { BlobStore, BlobWriter } from '../../store/blob-store.port.js';
import { DiskBlobStore } from '../../store/disk/disk-blob.store.js';
import { PayloadWriter } from './payload-writer.js';
import type { StorageQuota } from '../quota/storage-quota.js';

const blobId = '0123456789abcdef0123456789abcdef';
const access: ChunkAccess = {
  dataKey: randomBytes(32),
  id: randomBytes(16),
  ref: Buffer.from(blobId, 'hex'),
  purpose: Buffer.from('burnbag/files/v1'),
};
const header = chunkHeader(randomBytes(16));
let dataDir: string;
let blobs: DiskBlobStore;
/** Reserved and not given back bytes of the quota. */
let promised: number;
const quota = {
  take: (bytes: number) => Promise.resolve(void (promised += bytes)),
  give: (bytes: number) => void (promised -= bytes),
} as StorageQuota;

beforeEach(async () => {
  promised = 0;
  dataDir = newDataDir();
  blobs = await DiskBlobStore.open(dataDir, GRAIN);
});
afterEach(async () => {
  await blobs.close();
  rmSync(dataDir, { recursive: true });
});

const open = (store: BlobStore = blobs, durable = 0, limits: StorageQuota = quota) =>
  PayloadWriter.open(
    { blobs: store, quota: limits, random: systemRandom },
    { blobId, access, header, durable },
  );

/** The disk, with writers that fail at a given call. */
function failing(call: number, error: Error): BlobStore {
  const append = async (id: string, offset: number): Promise<BlobWriter> => {
    const writer = await blobs.append(id, offset);
    let calls = 0;
    const write = writer.write.bind(writer);
    writer.write = async (bytes) => {
      calls += 1;
      if (calls !== call) return write(bytes);
      // As the port demands: after an error nothing is left, and the writer has ended.
      await writer.abort();
      throw error;
    };
    return writer;
  };
  return Object.assign(Object.create(blobs) as BlobStore, { append });
}

async function stored(): Promise<Buffer> {
  const length = await blobs.size(blobId);
  const blob = { length, read: (from: number, to: number) => blobs.read(blobId, from, to) };
  return gather((await ChunkDecryptor.open(blob, access)).read());
}

describe('a payload that arrives', () => {
  it.each([0, 1, C - 1, C, C + 1, 3 * C])('is whole after %i bytes', async (size) => {
    const bytes = randomBytes(size);
    const writer = await open();
    for (let at = 0; at < size; at += 50_000) await writer.write(bytes.subarray(at, at + 50_000));
    expect(writer.offset).toBe(size);
    await writer.finish();
    expect(digest(await stored())).toBe(digest(bytes));
    expect(await blobs.size(blobId)).toBe(storedLengthOf(size));
    expect(promised).toBe(0);
  });

  it.each([0, 1, C, C + 1, 2 * C, 2 * C + 9])(
    'continues where its chunks end, after %i bytes',
    async (cut) => {
      const bytes = randomBytes(3 * C);
      const first = await open();
      if (cut > 0) await first.write(bytes.subarray(0, cut));
      const offset = await first.suspend();
      expect(offset).toBe(Math.floor(cut / C) * C);
      const second = await open(blobs, await blobs.durableLength(blobId));
      expect(second.offset).toBe(offset);
      await second.write(bytes.subarray(offset));
      await second.finish();
      expect(digest(await stored())).toBe(digest(bytes));
    },
  );

  it('may be in a buffer that its sender reuses', async () => {
    const shared = Buffer.alloc(C, 1);
    const writer = await open();
    for (let value = 1; value <= 4; value++) await writer.write(shared.fill(value));
    await writer.finish();
    const expected = Buffer.concat([1, 2, 3, 4].map((value) => Buffer.alloc(C, value)));
    expect(digest(await stored())).toBe(digest(expected));
  });

  it('and is aborted leaves nothing', async () => {
    const writer = await open();
    await writer.write(randomBytes(3 * C));
    await writer.abort();
    expect(everythingIn(dataDir).filter((name) => name.includes(blobId))).toEqual([]);
    expect(promised).toBe(0);
  });
});

describe('a store that fails', () => {
  it.each([
    ['storage_full', new BlobStoreFullError()],
    ['store_unavailable', new BlobStoreAwayError('ECONNREFUSED')],
  ])('is reported as %s, at every write, and leaves nothing', async (code, error) => {
    for (let call = 1; call <= 4; call++) {
      const writer = await open(failing(call, error));
      const sending = async (): Promise<void> => {
        await writer.write(randomBytes(3 * C));
        await writer.finish();
      };
      await expect(sending()).rejects.toMatchObject({ kind: { code } });
      expect(writer.broken).toBe(true);
      await writer.abort();
      expect(promised).toBe(0);
      expect(await blobs.usedBytes()).toBe(0);
    }
  });

  it.each([
    ['in the middle', 4 * C, 2, C],
    ['at its end', C, 1, 0],
  ])('leaves no gap when a chunk is refused %s', async (_, size, allowed, kept) => {
    let left = allowed;
    const limits = {
      take: () => (left-- > 0 ? Promise.resolve() : Promise.reject(new BlobStoreAwayError('SlowDown'))),
      give: () => undefined,
    } as unknown as StorageQuota;
    const bytes = randomBytes(size);
    const writer = await open(blobs, 0, limits);
    const sending = async (): Promise<void> => {
      await writer.write(bytes);
      await writer.finish();
    };
    await expect(sending()).rejects.toMatchObject({ kind: { code: 'store_unavailable' } });
    const offset = await writer.suspend();
    expect(offset).toBe(kept);
    const second = await open(blobs, await blobs.durableLength(blobId));
    await second.write(bytes.subarray(offset));
    await second.finish();
    expect(digest(await stored())).toBe(digest(bytes));
  });
});
