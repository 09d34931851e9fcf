import { randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ChunkDecryptor } from './chunk-decryptor.js';
import { ChunkEncryptor, encryptChunks } from './chunk-encryptor.js';
import { CHUNK_BYTES as C, storedLengthOf } from './chunk-format.js';
import {
  chunkAccess,
  digest,
  gather,
  inPieces,
  opened,
  sealed,
  stored,
} from '../../../test/support/chunk-kit.js';
import { systemRandom } from '../random-source.port.js';

const access = chunkAccess();
const content = randomBytes(4 * C);
const lengths = [0, 1, C - 1, C, C + 1, 2 * C - 1, 2 * C, 2 * C + 1, 3 * C - 1, 3 * C, 3 * C + 1];

/** Reproducible: a failure names its seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('a chunked blob', () => {
  it.each(lengths)('gives back %i bytes, written and stored in pieces of any size', async (length) => {
    const plaintext = content.subarray(0, length);
    for (const size of [997, C - 1, C, C + 1, 3 * C + 5]) {
      const blob = await sealed(plaintext, access, inPieces(plaintext, size));
      expect(blob.length).toBe(storedLengthOf(length));
      expect(digest(await opened(blob, access, size))).toBe(digest(plaintext));
    }
  });

  it('gives back a few bytes that come one by one, with empty pieces between', async () => {
    const blob = await sealed(content.subarray(0, 40), access, inPieces(content.subarray(0, 40), 1, 0, 0));
    expect(digest(await opened(blob, access, 1, 0))).toBe(digest(content.subarray(0, 40)));
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))('survives random splits (seed %i)', async (seed) => {
    const random = numbers(seed);
    const sizes = () => Array.from({ length: 1 + random(6) }, () => 1 + random(2 ** random(18)));
    const plaintext = content.subarray(0, random(content.length));
    // A piece may be a view of a plain Uint8Array inside a larger buffer.
    const pieces = inPieces(
      new Uint8Array(content.buffer, content.byteOffset, plaintext.length),
      500,
      ...sizes(),
    );
    const blob = await sealed(plaintext, access, pieces);
    const decryptor = await ChunkDecryptor.open(stored(blob, 500, ...sizes()), access);
    expect(decryptor.length).toBe(plaintext.length);
    const from = random(plaintext.length + 1);
    const to = from + random(plaintext.length - from + 1);
    expect(digest(await gather(decryptor.read(from, to)))).toBe(digest(plaintext.subarray(from, to)));
    expect(digest(await gather(decryptor.read()))).toBe(digest(plaintext));
  });

  it('is read from any offset, and reads no chunk that it does not need', async () => {
    const plaintext = content.subarray(0, 3 * C + 1);
    const blob = await sealed(plaintext, access);
    const whole = stored(blob);
    const decryptor = await ChunkDecryptor.open(whole, access);
    const edges = [0, 1, C - 1, C, C + 1, 2 * C, 3 * C - 1, 3 * C, 3 * C + 1];
    for (const from of edges) {
      for (const to of edges.filter((edge) => edge >= from)) {
        whole.asked.length = 0;
        expect(digest(await gather(decryptor.read(from, to)))).toBe(digest(plaintext.subarray(from, to)));
        const at = (chunk: number) => Math.min(22 + chunk * 65_564, blob.length);
        const expected = from === to ? [] : [[at(Math.floor(from / C)), at(Math.ceil(to / C))]];
        expect(whole.asked).toEqual(expected);
      }
    }
    for (const [from, to] of [
      [-1, 1],
      [2, 1],
      [0, 3 * C + 2],
      [0.5, 1],
      [0, Number.NaN],
    ] as const) {
      await expect(gather(decryptor.read(from, to))).rejects.toThrow(RangeError);
    }
  });

  it('never repeats a salt or a nonce, and does not change its inputs', async () => {
    const plaintext = Buffer.alloc(4 * C);
    const parts = new Set<string>();
    for (let i = 0; i < 50; i++) {
      const blob = await sealed(plaintext, access);
      for (const at of [6, 22, 65_586, 131_150, 196_714]) parts.add(blob.toString('hex', at, at + 12));
    }
    expect(parts.size).toBe(250);
    expect(plaintext.every((byte) => byte === 0)).toBe(true);
  });
});

describe('the flow of a chunked blob', () => {
  it('goes through pipelines of node streams, both ways', async () => {
    const got: Buffer[] = [];
    const target = () =>
      new Writable({
        write(piece: Buffer, _, done) {
          got.push(Buffer.from(piece));
          setImmediate(done);
        },
      });
    const source = Readable.from(inPieces(content, 50_000));
    const encryptor = ChunkEncryptor.start(systemRandom, access);
    await pipeline(source, (bytes: AsyncIterable<Uint8Array>) => encryptChunks(encryptor, bytes), target());
    const blob = Buffer.concat(got.splice(0));
    const decryptor = await ChunkDecryptor.open(stored(blob, 10_000), access);
    await pipeline(decryptor.read(), target());
    expect(digest(Buffer.concat(got))).toBe(digest(content));
  });

  it('takes no more than two chunks ahead of a reader that waits, and closes its source when left', async () => {
    let [taken, closed] = [0, 0];
    async function* source(size: number) {
      try {
        for (;;) {
          taken += size;
          yield Buffer.alloc(size);
        }
      } finally {
        closed++;
      }
    }
    const writing = encryptChunks(ChunkEncryptor.start(systemRandom, access), source(1_000));
    for (let given = 0; given < 20; given++) {
      const { value } = await writing.next();
      expect(taken - given * C).toBeLessThanOrEqual(2 * C);
      expect(value).toHaveLength(given === 0 ? 22 : 65_564);
    }
    await writing.return();

    const blob = await sealed(content, access);
    taken = 0;
    async function* counted(from: number, to: number) {
      try {
        for await (const piece of inPieces(blob.subarray(from, to), 1_000)) {
          taken += piece.length;
          yield piece;
        }
      } finally {
        closed++;
      }
    }
    const decryptor = await ChunkDecryptor.open({ length: blob.length, read: counted }, access);
    taken = closed = 0;
    const reading = decryptor.read();
    await reading.next();
    expect(taken).toBeLessThanOrEqual(C + 2_000);
    await reading.return();
    expect(closed).toBe(1);
  });

  it('makes no last chunk when the source fails, and passes its error on', async () => {
    async function* broken() {
      yield content.subarray(0, C + 1);
      throw new Error('the connection was cut');
    }
    const encryptor = ChunkEncryptor.start(systemRandom, access);
    const got: number[] = [];
    const run = async () => {
      for await (const piece of encryptChunks(encryptor, broken())) got.push(piece.length);
    };
    await expect(run()).rejects.toThrow('the connection was cut');
    expect(got).toEqual([22, 65_564]);
    expect(() => encryptor.final()).toThrow('works once');
    expect(() => encryptor.suspend()).toThrow('works once');
    expect(() => encryptor.update(content).next()).toThrow('works once');
  });
});
