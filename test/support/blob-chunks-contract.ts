import { randomBytes } from 'node:crypto';
import { ChunkDecryptor } from '../../src/crypto/chunks/chunk-decryptor.js';
import { ChunkEncryptor, encryptChunks } from '../../src/crypto/chunks/chunk-encryptor.js';
import {
  CHUNK_BYTES as C,
  CHUNK_HEADER_BYTES,
  STORED_CHUNK_BYTES,
  storedLengthOf,
} from '../../src/crypto/chunks/chunk-format.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import type { BlobStore } from '../../src/files/store/blob-store.port.js';
import { GRAIN } from './blob-kit.js';
import { blobBench, type BlobPlace } from './blob-place.js';
import { chunkAccess, digest, gather, inPieces } from './chunk-kit.js';

const id = '0123456789abcdef0123456789abcdef';
const access = chunkAccess();

/** Uploads until `stored` bytes are stored, then loses the connection. @returns the header, which the caller keeps */
async function interrupted(store: BlobStore, plaintext: Buffer, stored: number): Promise<Buffer> {
  const encryptor = ChunkEncryptor.start(systemRandom, access);
  const writer = await store.append(id, 0);
  for await (const piece of encryptChunks(encryptor, inPieces(plaintext, 16_000))) {
    await writer.write(piece.subarray(0, stored - writer.length));
    if (writer.length === stored) break;
  }
  await writer.suspend();
  return encryptor.header;
}

async function resumed(store: BlobStore, plaintext: Buffer, header: Buffer): Promise<void> {
  const durable = await store.durableLength(id);
  const writer = await store.append(id, durable);
  if (durable !== storedLengthOf(plaintext.length)) {
    const encryptor = ChunkEncryptor.resume(systemRandom, access, header, durable);
    const rest = inPieces(plaintext.subarray(encryptor.index * C), 70_000);
    for await (const piece of encryptChunks(encryptor, rest)) await writer.write(piece);
  }
  await writer.finish();
}

async function openBlob(store: BlobStore): Promise<ChunkDecryptor> {
  const length = await store.size(id);
  return ChunkDecryptor.open({ length, read: (from, to) => store.read(id, from, to) }, access);
}

/** How the parts are meant to be put together: the envelope's chunks are the store's grain. */
export function itKeepsChunks(newPlace: () => Promise<BlobPlace>): void {
  describe('a file on its way into the store and out', () => {
    const bench = blobBench(newPlace);

    it('uses the grain of the envelope', () => {
      expect(GRAIN).toEqual({ head: CHUNK_HEADER_BYTES, unit: STORED_CHUNK_BYTES });
    });

    it.each([3 * C, 3 * C + 500])('survives an interruption anywhere (%i bytes)', async (length) => {
      const { store } = bench;
      const plaintext = randomBytes(length);
      const whole = storedLengthOf(length);
      for (const stored of [10, 22, 100, 22 + STORED_CHUNK_BYTES, 150_000, whole - 1, whole]) {
        await resumed(store, plaintext, await interrupted(store, plaintext, stored));
        expect(await store.size(id)).toBe(whole);
        const decryptor = await openBlob(store);
        expect(digest(await gather(decryptor.read()))).toBe(digest(plaintext));
        const part = await gather(decryptor.read(C + 7, 2 * C + 9));
        expect(digest(part)).toBe(digest(plaintext.subarray(C + 7, 2 * C + 9)));
        await store.delete(id);
      }
    });

    it('is read to its end although it is deleted meanwhile, and closes its file when left', async () => {
      const { store } = bench;
      const plaintext = randomBytes(20 * C);
      await resumed(store, plaintext, await interrupted(store, plaintext, 22));
      const decryptor = await openBlob(store);
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
}
