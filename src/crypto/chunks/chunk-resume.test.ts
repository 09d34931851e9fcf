import { createDecipheriv, randomBytes } from 'node:crypto';
import {
  chunkAccess,
  digest,
  gather,
  inPieces,
  opened,
  release,
  stored,
} from '../../../test/support/chunk-kit.js';
import { ChunkEncryptor, encryptChunks } from './chunk-encryptor.js';
import {
  CHUNK_BYTES as C,
  CHUNK_HEADER_BYTES as H,
  chunkAad,
  chunkKey,
  chunkOffset,
  MAX_CHUNKS,
  STORED_CHUNK_BYTES as S,
  storedLengthOf,
  wholeChunks,
} from './chunk-format.js';
import { EnvelopeDamagedError, InvalidLengthError, UnsupportedEnvelopeError } from '../crypto.errors.js';
import { systemRandom } from '../random-source.port.js';

const access = chunkAccess();

/** Stored bytes when a writer dies after `length` of them. */
async function cutAt(length: number, plaintext: Uint8Array): Promise<Buffer> {
  const encryptor = ChunkEncryptor.start(systemRandom, access);
  return (await gather(encryptChunks(encryptor, inPieces(plaintext, 20_000)))).subarray(0, length);
}

/** Another process: it knows the stored bytes, the access and the file, but no state of the first. */
async function goOn(partial: Buffer, plaintext: Uint8Array): Promise<Buffer> {
  const index = wholeChunks(partial.length);
  const encryptor = ChunkEncryptor.resume(systemRandom, access, partial.subarray(0, H), chunkOffset(index));
  const rest = await gather(encryptChunks(encryptor, inPieces(plaintext.subarray(index * C), 30_000)));
  return Buffer.concat([partial.subarray(0, chunkOffset(index)), rest]);
}

describe('a writer that takes over', () => {
  it.each([1, C, C + 1, 2 * C, 3 * C - 1, 3 * C, 3 * C + 1])(
    'finishes a file of %i bytes wherever the first one died',
    async (length) => {
      const plaintext = randomBytes(length);
      const end = storedLengthOf(length);
      const borders = [H, H + S, H + 2 * S, H + 3 * S].flatMap((at) => [at - 1, at, at + 1, at + 40_000]);
      for (const at of borders.filter((border) => border >= H && border < end)) {
        const blob = await goOn(await cutAt(at, plaintext), plaintext);
        expect(blob.length).toBe(end);
        expect(digest(await opened(blob, access))).toBe(digest(plaintext));
      }
    },
  );

  it('takes over repeatedly, a chunk at a time', async () => {
    const plaintext = randomBytes(5 * C + 7);
    const first = ChunkEncryptor.start(systemRandom, access);
    const pieces: Buffer[] = [first.header];
    first.dispose();
    for (let index = 0; index < 5; index++) {
      const encryptor = ChunkEncryptor.resume(systemRandom, access, first.header, chunkOffset(index));
      pieces.push(...encryptor.update(plaintext.subarray(index * C, (index + 1) * C)));
      expect(pieces).toHaveLength(index + 1);
      const waiting = encryptor.suspend();
      expect(encryptor.index).toBe(index + 1);
      pieces.push(waiting ?? Buffer.alloc(0));
      expect(() => encryptor.final()).toThrow('works once');
    }
    const last = ChunkEncryptor.resume(systemRandom, access, first.header, chunkOffset(5));
    expect([...last.update(plaintext.subarray(5 * C))]).toEqual([]);
    pieces.push(last.final());
    expect(digest(await opened(Buffer.concat(pieces), access))).toBe(digest(plaintext));
  });

  it('writes the header again when not even that was stored', async () => {
    const plaintext = randomBytes(C + 3);
    const { header } = ChunkEncryptor.start(systemRandom, access);
    const encryptor = ChunkEncryptor.resume(systemRandom, access, header, 0);
    const blob = await gather(encryptChunks(encryptor, inPieces(plaintext)));
    expect(blob.subarray(0, H).equals(header)).toBe(true);
    expect(digest(await opened(blob, access))).toBe(digest(plaintext));
  });

  it('drops an incomplete chunk when it is suspended', () => {
    const encryptor = ChunkEncryptor.start(systemRandom, access);
    expect([...encryptor.update(randomBytes(C + 5))]).toHaveLength(1);
    expect(encryptor.suspend()).toBeUndefined();
  });

  it('does not end a file with an empty chunk, and leaves a complete one as it is', async () => {
    const header = ChunkEncryptor.start(systemRandom, access).header;
    expect(() => ChunkEncryptor.resume(systemRandom, access, header, chunkOffset(2)).final()).toThrow(
      'a byte was promised',
    );
    // The last chunk was stored, but its answer was lost: nothing is left to write.
    const plaintext = randomBytes(2 * C);
    const partial = await cutAt(storedLengthOf(2 * C), plaintext);
    expect(wholeChunks(partial.length) * C).toBe(plaintext.length);
    expect(digest(await opened(partial, access))).toBe(digest(plaintext));
  });

  it('refuses an invalid header, a wrong key size, and an offset that is not the start of a chunk', () => {
    const { header } = ChunkEncryptor.start(systemRandom, access);
    const resume = (bytes: Uint8Array, length: number, given = access) =>
      ChunkEncryptor.resume(systemRandom, given, bytes, length);
    expect(() => resume(Buffer.alloc(22, 9), 0)).toThrow(UnsupportedEnvelopeError);
    expect(() => resume(header.subarray(0, 21), 0)).toThrow(EnvelopeDamagedError);
    expect(() => resume(header, 0, { ...access, dataKey: randomBytes(31) })).toThrow(InvalidLengthError);
    for (const odd of [-1, 0.5, 1, 21, 23, H + S - 1, H + S + 1, chunkOffset(MAX_CHUNKS), Number.NaN]) {
      expect(() => resume(header, odd)).toThrow(RangeError);
    }
    const encryptor = resume(header, chunkOffset(MAX_CHUNKS - 1));
    expect(() => [...encryptor.update(randomBytes(2 * C + 1))]).toThrow(RangeError);
    expect(encryptor.index).toBe(MAX_CHUNKS);
  });
});

// Under one key and nonce, XOR of two ciphertexts would be XOR of the plaintexts, and tags could be forged.
describe('other bytes for a chunk that was already sealed', () => {
  const old = Buffer.alloc(2 * C + 9, 0x55);
  const other = Buffer.alloc(2 * C + 9, 0xaa);

  it('never reuse the nonce of the first ones, whichever process seals them', async () => {
    const first = await cutAt(storedLengthOf(old.length), old);
    const header = first.subarray(0, H);
    const nonces = new Set<string>();
    const bodies = new Set<string>();
    for (let session = 0; session < 200; session++) {
      const blob = await goOn(first.subarray(0, H + 17), session % 2 === 0 ? other : old);
      expect(blob.subarray(0, H).equals(header)).toBe(true);
      for (let chunk = 0; chunk < 3; chunk++) {
        nonces.add(blob.toString('hex', chunkOffset(chunk), chunkOffset(chunk) + 12));
        bodies.add(blob.toString('hex', chunkOffset(chunk) + 12, chunkOffset(chunk) + 20));
      }
    }
    expect([nonces.size, bodies.size]).toEqual([600, 600]);
  });

  it('have the nonce that is stored with them', () => {
    const encryptor = ChunkEncryptor.start(systemRandom, access);
    const [chunk] = [...encryptor.update(old.subarray(0, C + 1))];
    if (!chunk) throw new Error('no chunk');
    const decipher = createDecipheriv(
      'aes-256-gcm',
      chunkKey(encryptor.header, access),
      chunk.subarray(0, 12),
    );
    decipher.setAAD(chunkAad(encryptor.header, access)(0, false)).setAuthTag(chunk.subarray(-16));
    const plaintext = Buffer.concat([decipher.update(chunk.subarray(12, -16)), decipher.final()]);
    expect(digest(plaintext)).toBe(digest(old.subarray(0, C)));
  });

  it('stay readable for the last writer, and a chunk of either only at its own index', async () => {
    const first = await cutAt(storedLengthOf(old.length), old);
    const second = await goOn(first.subarray(0, H + S), other);
    const mixed = Buffer.concat([old.subarray(0, C), other.subarray(C)]);
    expect(digest(await opened(second, access))).toBe(digest(mixed));
    const moved = Buffer.concat([
      second.subarray(0, H + S),
      first.subarray(H, H + S),
      second.subarray(H + 2 * S),
    ]);
    expect((await release(stored(moved), access)).error).toBe(EnvelopeDamagedError.name);
  });
});
