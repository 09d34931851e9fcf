import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { GRAIN, newDataDir } from '../../../test/support/blob-kit.js';
import { chunkAccess, digest, gather, inPieces } from '../../../test/support/chunk-kit.js';
import { ChunkDecryptor } from '../../crypto/chunk-decryptor.js';
import { ChunkEncryptor, encryptChunks } from '../../crypto/chunk-encryptor.js';
import {
  CHUNK_BYTES as C,
  CHUNK_HEADER_BYTES,
  STORED_CHUNK_BYTES,
  storedLengthOf,
} from '../../crypto/chunk-format.js';
import { systemRandom } from '../../crypto/random-source.port.js';
import { DiskBlobStore } from './disk-blob.store.js';

// How the parts are meant to be put together: the envelope's chunks are the store's grain.
const id = '0123456789abcdef0123456789abcdef';
const access = chunkAccess();
let dataDir: string;
let store: DiskBlobStore;
beforeEach(async () => {
  dataDir = newDataDir();
  store = await DiskBlobStore.open(dataDir, GRAIN);
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

/** Uploads until `stored` bytes are stored, then loses the connection. @returns the header, which the caller keeps */
async function interrupted(plaintext: Buffer, stored: number): Promise<Buffer> {
  const encryptor = ChunkEncryptor.start(systemRandom, access);
  const writer = await store.append(id, 0);
  for await (const piece of encryptChunks(encryptor, inPieces(plaintext, 16_000))) {
    await writer.write(piece.subarray(0, stored - writer.length));
    if (writer.length === stored) break;
  }
  await writer.suspend();
  return encryptor.header;
}

async function resumed(plaintext: Buffer, header: Buffer): Promise<void> {
  const durable = await store.durableLength(id);
  const writer = await store.append(id, durable);
  if (durable !== storedLengthOf(plaintext.length)) {
    const encryptor = ChunkEncryptor.resume(systemRandom, access, header, durable);
    const rest = inPieces(plaintext.subarray(encryptor.index * C), 70_000);
    for await (const piece of encryptChunks(encryptor, rest)) await writer.write(piece);
  }
  await writer.finish();
}

async function openBlob(): Promise<ChunkDecryptor> {
  const length = await store.size(id);
  return ChunkDecryptor.open({ length, read: (from, to) => store.read(id, from, to) }, access);
}

describe('a file on its way into the store and out', () => {
  it('uses the grain of the envelope', () => {
    expect(GRAIN).toEqual({ head: CHUNK_HEADER_BYTES, unit: STORED_CHUNK_BYTES });
  });

  it.each([3 * C, 3 * C + 500])('survives an interruption anywhere (%i bytes)', async (length) => {
    const plaintext = randomBytes(length);
    const ends = [
      10,
      22,
      100,
      22 + STORED_CHUNK_BYTES,
      150_000,
      storedLengthOf(length) - 1,
      storedLengthOf(length),
    ];
    for (const stored of ends) {
      await resumed(plaintext, await interrupted(plaintext, stored));
      expect(await store.size(id)).toBe(storedLengthOf(length));
      const decryptor = await openBlob();
      expect(digest(await gather(decryptor.read()))).toBe(digest(plaintext));
      expect(digest(await gather(decryptor.read(C + 7, 2 * C + 9)))).toBe(
        digest(plaintext.subarray(C + 7, 2 * C + 9)),
      );
      await store.delete(id);
    }
  });

  it('is read to its end although it is deleted meanwhile, and closes its file when left', async () => {
    const plaintext = randomBytes(20 * C);
    await resumed(plaintext, await interrupted(plaintext, 22));
    const decryptor = await openBlob();
    const left = decryptor.read();
    await left.next();
    await left.return();
    const reading = decryptor.read();
    const first = await reading.next();
    await store.delete(id);
    const rest = await gather(reading);
    expect(digest(Buffer.concat([first.value ?? Buffer.alloc(0), rest]))).toBe(digest(plaintext));
  });
});
