import { randomBytes } from 'node:crypto';
import { chunkAccess, digest, release, sealed, stored } from '../../../test/support/chunk-kit.js';
import { CHUNK_BYTES as C, CHUNK_HEADER_BYTES as H, STORED_CHUNK_BYTES as S } from './chunk-format.js';
import { EnvelopeDamagedError, UnsupportedEnvelopeError } from '../crypto.errors.js';

const access = chunkAccess();
const plaintext = randomBytes(3 * C + 100);
const damaged = EnvelopeDamagedError.name;

const flipped = (bytes: Uint8Array, at: number, mask = 1): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
};
const headOf = (blob: Buffer) => blob.subarray(0, H);
const chunksOf = (blob: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil((blob.length - H) / S) }, (_, i) =>
    blob.subarray(H + i * S, H + (i + 1) * S),
  );
const put = (chunks: readonly Uint8Array[], at: number, chunk: Uint8Array) => chunks.with(at, chunk);

/** The error's class; another value if more than the true bytes of the chunks before `chunk` came first. */
async function outcome(blob: Buffer, chunk: number, given = access): Promise<string> {
  const { plaintext: bytes, error = 'opened' } = await release(stored(blob, 10_007), given);
  if (bytes.length > chunk * C) return `${bytes.length} bytes, then ${error}`;
  return bytes.equals(plaintext.subarray(0, bytes.length)) ? error : `wrong bytes, then ${error}`;
}

describe('a changed chunked blob', () => {
  let blob: Buffer;
  let chunks: Buffer[];
  beforeAll(async () => {
    blob = await sealed(plaintext, access);
    chunks = chunksOf(blob);
  });

  it('is opened when nothing is changed, so that the refusals below mean something', async () => {
    const released = await release(stored(blob), access);
    expect([released.error, digest(released.plaintext)]).toEqual([undefined, digest(plaintext)]);
    expect(chunks.map((chunk) => chunk.length)).toEqual([S, S, S, 128]);
  });

  it('is refused for every bit of the header, before any byte', async () => {
    for (let at = 0; at < H; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const error = at < 2 ? UnsupportedEnvelopeError.name : damaged;
        expect(await outcome(flipped(blob, at, 1 << bit), 0)).toBe(error);
      }
    }
  });

  it('is refused for a flipped bit anywhere in a chunk, with no byte of that chunk', async () => {
    for (let chunk = 0; chunk < 4; chunk++) {
      const [start, end] = [H + chunk * S, Math.min(H + (chunk + 1) * S, blob.length)];
      const places = [0, 5, 11, 12, 13, 60, end - start - 17, end - start - 16, end - start - 1];
      for (const place of places) {
        // The last chunk is checked before anything is read.
        expect(await outcome(flipped(blob, start + place, 0x80), chunk === 3 ? 0 : chunk)).toBe(damaged);
      }
    }
  });

  it('is refused when two chunks are swapped, duplicated or replaced', async () => {
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        const [x, y] = [chunks[a], chunks[b]];
        if (!x || !y || a === b) continue;
        expect(
          await outcome(Buffer.concat([headOf(blob), ...put(put(chunks, a, y), b, x)]), Math.min(a, b)),
        ).toBe(damaged);
        expect(await outcome(Buffer.concat([headOf(blob), ...put(chunks, a, y)]), a)).toBe(damaged);
      }
    }
  });

  it('is refused when a chunk is dropped or inserted, before any byte', async () => {
    for (let at = 0; at < 4; at++) {
      expect(await outcome(Buffer.concat([headOf(blob), ...chunks.toSpliced(at, 1)]), 0)).toBe(damaged);
      for (const extra of chunks) {
        expect(await outcome(Buffer.concat([headOf(blob), ...chunks.toSpliced(at, 0, extra)]), 0)).toBe(
          damaged,
        );
      }
    }
  });

  it('is refused when cut, at chunk borders and elsewhere, before any byte', async () => {
    const borders = [0, 1, 2, 3].map((chunk) => H + chunk * S);
    const cuts = borders.flatMap((at) => [at - 1, at, at + 1, at + 27, at + 28, at + 29, at + 100]);
    for (const length of [0, 1, ...cuts, blob.length - 1].filter((at) => at >= 0)) {
      expect(await outcome(blob.subarray(0, length), 0)).toBe(damaged);
    }
  });

  it('is refused when bytes follow, before any byte', async () => {
    for (const extra of [1, 16, 27, 28, 29, S - 128, S]) {
      for (const tail of [Buffer.alloc(extra), blob.subarray(-extra)]) {
        expect(await outcome(Buffer.concat([blob, tail]), 0)).toBe(damaged);
      }
    }
    const onBorder = await sealed(plaintext.subarray(0, 2 * C), access);
    for (const extra of [1, 28, 29, S]) {
      expect(await outcome(Buffer.concat([onBorder, onBorder.subarray(-extra)]), 0)).toBe(damaged);
    }
  });

  it('is refused with a chunk of another file of the same secret, or with its header', async () => {
    const other = await sealed(plaintext, access);
    for (const [at, chunk] of chunksOf(other).entries()) {
      expect(await outcome(Buffer.concat([headOf(blob), ...put(chunks, at, chunk)]), at === 3 ? 0 : at)).toBe(
        damaged,
      );
    }
    expect(await outcome(Buffer.concat([headOf(other), ...chunks]), 0)).toBe(damaged);
  });

  it('is refused when the store returns other lengths than announced', async () => {
    const lying = (length: number) => ({ ...stored(blob), length });
    for (const length of [blob.length - 1, blob.length + 1, H + S, 0]) {
      expect(await release(lying(length), access)).toEqual({ plaintext: Buffer.alloc(0), error: damaged });
    }
    for (const change of [-1, -C, 1]) {
      const honest = stored(blob);
      const read = (from: number, to: number) =>
        from === H && to > H + S
          ? stored(Buffer.concat([blob, blob])).read(from, to + change)
          : honest.read(from, to);
      const released = await release({ length: blob.length, read }, access);
      expect(released.error).toBe(damaged);
      expect(digest(released.plaintext)).toBe(digest(plaintext.subarray(0, released.plaintext.length)));
    }
  });
});

describe('a chunked blob with other bindings', () => {
  it('opens only with its own data key, id, ref and purpose', async () => {
    const blob = await sealed(plaintext, access);
    for (const name of ['dataKey', 'id', 'ref', 'purpose'] as const) {
      for (let at = 0; at < access[name].length; at++) {
        expect(await outcome(blob, 0, { ...access, [name]: flipped(access[name], at) })).toBe(damaged);
      }
    }
    const { purpose, ref } = access;
    const shifted = {
      ref: Buffer.concat([ref.subarray(1), purpose.subarray(0, 1)]),
      purpose: purpose.subarray(1),
    };
    for (const other of [
      { purpose: purpose.subarray(0, -1) },
      { purpose: Buffer.concat([purpose, Buffer.alloc(1)]) },
      { purpose: Buffer.alloc(0) },
      shifted,
    ]) {
      expect(await outcome(blob, 0, { ...access, ...other })).toBe(damaged);
    }
  });

  it.each([0, 1, C])('is not the empty file, nor another prefix (%i bytes)', async (length) => {
    const blob = await sealed(plaintext.subarray(0, length), access);
    expect((await release(stored(blob), access)).error).toBeUndefined();
    for (const cut of [1, 28, 29, 50]) {
      const short = blob.subarray(0, Math.max(0, blob.length - cut));
      expect((await release(stored(short), access)).error).toBe(damaged);
    }
    for (let at = blob.length - 28; at < blob.length; at++) {
      expect((await release(stored(flipped(blob, at)), access)).error).toBe(damaged);
    }
  });

  it('gives a reader who leaves halfway only checked bytes', async () => {
    const blob = await sealed(plaintext, access);
    const broken = flipped(blob, H + 2 * S + 40_000);
    const { plaintext: early, error } = await release(stored(broken, 300), access);
    expect([error, digest(early)]).toEqual([damaged, digest(plaintext.subarray(0, 2 * C))]);
    expect(await release(stored(broken), access, 2 * C)).toEqual({
      plaintext: Buffer.alloc(0),
      error: damaged,
    });
    const after = await release(stored(broken), access, 3 * C);
    expect([after.error, digest(after.plaintext)]).toEqual([undefined, digest(plaintext.subarray(3 * C))]);
  });
});
