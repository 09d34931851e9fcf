/** @jest-environment node */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { CHUNK_BYTES, SEALED_CHUNK_BYTES, TAG_BYTES } from './age-stream.format';
import { createOpener, HEAD_BYTES, type Opener, type Span } from './age-stream.opener';
import { SealDamagedError } from './seal';
import { pattern } from '../../testing/pattern';

const SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 2 ** 20 + 1];
/** Bytes of header and nonce of a file for one X25519 recipient. */
const HEAD = 184;

let identity: string;
beforeAll(async () => {
  identity = await generateIdentity();
});

/** An age file, made by the reference library. */
async function sealed(bytes: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  return encrypter.encrypt(bytes);
}

const openerOf = (file: Uint8Array, key = identity) =>
  createOpener(file.subarray(0, HEAD_BYTES), file.length, key);

/** Requests a part like a Range request and opens the answer, in pieces of `piece` bytes. */
function read(opener: Opener, file: Uint8Array, plain: Span, piece = 10_007): Buffer {
  const { from, to } = opener.sealedSpan(plain);
  const opening = opener.open(plain);
  const out: Uint8Array[] = [];
  for (let at = from; at < to; at += piece)
    out.push(...opening.push(file.subarray(at, Math.min(to, at + piece))));
  opening.end();
  return Buffer.concat(out);
}

/** The same, but returns a refusal: how many bytes were released before it, and the error. */
async function attempt(file: Uint8Array, plain?: Span) {
  let released = 0;
  try {
    const opener = await openerOf(file);
    const span = plain ?? { from: 0, to: opener.size };
    const { from, to } = opener.sealedSpan(span);
    const opening = opener.open(span);
    for (const piece of opening.push(file.subarray(from, to))) released += piece.length;
    opening.end();
    return { released, refused: false };
  } catch (error) {
    if (!(error instanceof SealDamagedError)) throw error;
    return { released, refused: true };
  }
}

describe('an age file of the reference library', () => {
  it.each(SIZES)('opens as a whole, in pieces of any size: %d bytes', async (size) => {
    const bytes = pattern(size);
    const file = await sealed(bytes);
    const opener = await openerOf(file);
    expect(opener.size).toBe(size);
    for (const piece of [997, 65_536, 65_552, 2 ** 21])
      expect(read(opener, file, { from: 0, to: size }, piece).equals(bytes)).toBe(true);
  });

  it.each(SIZES)('opens from any place to any other: %d bytes', async (size) => {
    const bytes = pattern(size);
    const file = await sealed(bytes);
    const opener = await openerOf(file);
    const borders = [0, CHUNK_BYTES, 2 * CHUNK_BYTES, size].flatMap((at) => [at - 1, at, at + 1]);
    const places = [...new Set(borders)].filter((at) => at >= 0 && at <= size);
    for (const from of places) {
      for (const to of places.filter((at) => at >= from)) {
        const same = read(opener, file, { from, to }).equals(bytes.subarray(from, to));
        expect([from, to, same]).toEqual([from, to, true]);
      }
    }
  });

  it('requests whole chunks only, and no more than needed', async () => {
    const opener = await openerOf(await sealed(pattern(2 ** 20 + 1)));
    expect(opener.sealedSpan({ from: 70_000, to: 70_001 })).toEqual({
      from: HEAD + SEALED_CHUNK_BYTES,
      to: HEAD + 2 * SEALED_CHUNK_BYTES,
    });
    expect(opener.sealedSpan({ from: 2 ** 20, to: 2 ** 20 + 1 })).toEqual({
      from: HEAD + 16 * SEALED_CHUNK_BYTES,
      to: HEAD + 16 * SEALED_CHUNK_BYTES + 1 + TAG_BYTES,
    });
    expect(() => opener.sealedSpan({ from: 0, to: 2 ** 20 + 2 })).toThrow(RangeError);
  });
});

describe('a changed file', () => {
  const SIZE = 3 * CHUNK_BYTES + 100;

  it('is refused at the chunk where it was changed, and nothing of that chunk is released', async () => {
    const file = await sealed(pattern(SIZE));
    for (const chunk of [0, 1, 2, 3]) {
      for (const inside of [0, 50, chunk === 3 ? 115 : SEALED_CHUNK_BYTES - 1]) {
        const changed = file.slice();
        const at = HEAD + chunk * SEALED_CHUNK_BYTES + inside;
        changed[at] = (changed[at] ?? 0) ^ 1;
        const whole = await attempt(changed);
        expect([chunk, inside, whole.refused]).toEqual([chunk, inside, true]);
        // A part without the changed chunk still opens.
        const other = { from: chunk === 0 ? CHUNK_BYTES : 0, to: chunk === 0 ? SIZE : CHUNK_BYTES * chunk };
        expect(await attempt(changed, other)).toEqual({ released: other.to - other.from, refused: false });
      }
    }
  });

  it('releases no byte of a chunk before all of it is there and verified', async () => {
    const file = await sealed(pattern(SIZE));
    const opening = (await openerOf(file)).open({ from: 0, to: SIZE });
    expect(opening.push(file.subarray(HEAD, HEAD + SEALED_CHUNK_BYTES - 1))).toEqual([]);
    const end = HEAD + SEALED_CHUNK_BYTES;
    expect(opening.push(file.subarray(end - 1, end)).map(({ length }) => length)).toEqual([CHUNK_BYTES]);
    expect(() => opening.end()).toThrow(SealDamagedError);
  });

  it('is refused in the header and in the nonce after it', async () => {
    const file = await sealed(pattern(SIZE));
    for (const at of [0, 30, 60, 120, 160, HEAD - 1]) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([at, await attempt(changed)]).toEqual([at, { released: 0, refused: true }]);
    }
    await expect(openerOf(new Uint8Array())).rejects.toThrow(SealDamagedError);
    await expect(openerOf(file.subarray(0, HEAD - 1))).rejects.toThrow(SealDamagedError);
  });

  it('is refused when the end is missing, at a border of chunks too', async () => {
    const file = await sealed(pattern(SIZE));
    for (const length of [
      HEAD,
      HEAD + TAG_BYTES,
      HEAD + SEALED_CHUNK_BYTES,
      file.length - 1,
      file.length - 116,
    ])
      expect([length, (await attempt(file.subarray(0, length))).refused]).toEqual([length, true]);
  });

  it('is refused when something was added, an empty last chunk too', async () => {
    const file = await sealed(pattern(2 * CHUNK_BYTES));
    for (const more of [1, TAG_BYTES, TAG_BYTES + 1, SEALED_CHUNK_BYTES]) {
      const longer = new Uint8Array(file.length + more);
      longer.set(file);
      expect([more, (await attempt(longer)).refused]).toEqual([more, true]);
    }
  });

  it('is refused when chunks changed places', async () => {
    const file = await sealed(pattern(SIZE));
    const changed = file.slice();
    changed.copyWithin(HEAD, HEAD + SEALED_CHUNK_BYTES, HEAD + 2 * SEALED_CHUNK_BYTES);
    expect(await attempt(changed)).toEqual({ released: 0, refused: true });
  });

  it('opens with no other key', async () => {
    const file = await sealed(pattern(10));
    await expect(openerOf(file, await generateIdentity())).rejects.toThrow(SealDamagedError);
  });

  it('takes no more than it asked for', async () => {
    const file = await sealed(pattern(SIZE));
    const opening = (await openerOf(file)).open({ from: 0, to: 10 });
    expect(() => opening.push(file.subarray(HEAD))).toThrow(SealDamagedError);
  });
});
