import { randomBytes } from 'node:crypto';
import {
  CHUNK_BYTES as C,
  CHUNK_HEADER_BYTES,
  chunkHeader,
  chunkKey,
  chunkLayout,
  requireChunkHeader,
  STORED_CHUNK_BYTES,
  storedLengthOf,
  wholeChunks,
} from './chunk-format.js';
import { chunkAccess } from '../../../test/support/chunk-kit.js';
import { EnvelopeDamagedError, InvalidLengthError, UnsupportedEnvelopeError } from '../crypto.errors.js';

describe('the layout of a chunked blob', () => {
  const lengths = [
    0,
    1,
    2,
    C - 1,
    C,
    C + 1,
    2 * C - 1,
    2 * C,
    3 * C - 1,
    3 * C,
    3 * C + 1,
    2 ** 20 + 1,
    2 ** 40,
  ];

  it('costs 22 bytes, and 28 for each chunk of 65,536', () => {
    expect([CHUNK_HEADER_BYTES, STORED_CHUNK_BYTES, C]).toEqual([22, 65_564, 65_536]);
    expect([0, 1, C, C + 1].map(storedLengthOf)).toEqual([50, 51, C + 50, C + 79]);
  });

  it.each(lengths)('is computed back from the stored length to %i bytes', (length) => {
    const chunks = Math.max(1, Math.ceil(length / C));
    expect(chunkLayout(storedLengthOf(length))).toEqual({ plaintextLength: length, chunks });
  });

  it('refuses every stored length that no file has', () => {
    const valid = new Set(Array.from({ length: 3 * C }, (_, length) => storedLengthOf(length)));
    const [end, refused] = [storedLengthOf(3 * C - 1), [] as number[]];
    for (let length = 0; length <= end; length++) {
      try {
        chunkLayout(length);
      } catch (error) {
        if (error instanceof EnvelopeDamagedError) refused.push(length);
      }
    }
    expect(refused).toEqual(Array.from({ length: end + 1 }, (_, n) => n).filter((n) => !valid.has(n)));
    for (const odd of [-1, 50.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => chunkLayout(odd)).toThrow(EnvelopeDamagedError);
    }
  });

  it('counts the whole chunks of a partial blob', () => {
    const S = STORED_CHUNK_BYTES;
    expect([0, 21, 22, 22 + S - 1, 22 + S, 22 + S + 1, 22 + 3 * S].map(wholeChunks)).toEqual([
      0, 0, 0, 0, 1, 1, 3,
    ]);
  });
});

describe('the header of a chunked blob', () => {
  const header = chunkHeader(randomBytes(16));
  const changed = (at: number) => Buffer.from(header.map((byte, i) => (i === at ? byte ^ 1 : byte)));

  it('is refused for another version or algorithm, and for another chunk size or length', () => {
    expect(() => requireChunkHeader(header)).not.toThrow();
    for (const at of [0, 1]) expect(() => requireChunkHeader(changed(at))).toThrow(UnsupportedEnvelopeError);
    for (const at of [2, 3, 4, 5])
      expect(() => requireChunkHeader(changed(at))).toThrow(EnvelopeDamagedError);
    for (const length of [0, 1, 21, 23]) {
      const other = Buffer.alloc(length);
      header.copy(other);
      expect(() => requireChunkHeader(other)).toThrow(EnvelopeDamagedError);
    }
    expect(() => chunkHeader(randomBytes(15))).toThrow(InvalidLengthError);
  });

  it('gives every blob a key of its own, under one data key', () => {
    const access = chunkAccess();
    const keys = [header, header, chunkHeader(randomBytes(16)), changed(4)].map((bytes) =>
      chunkKey(bytes, access).export().toString('hex'),
    );
    expect(new Set(keys).size).toBe(3);
    expect(keys[0]).toBe(keys[1]);
  });

  it.each(['dataKey', 'id', 'ref'] as const)('derives no key with a %s of another length', (name) => {
    for (const length of [0, 15, 17, 31, 33]) {
      const access = { ...chunkAccess(), [name]: randomBytes(length) };
      expect(() => chunkKey(header, access)).toThrow(new RegExp(`^${name} must be`));
    }
  });
});
