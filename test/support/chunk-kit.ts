import { createHash, randomBytes } from 'node:crypto';
import type { StoredChunks } from '../../src/crypto/chunks/chunk-decryptor.js';
import { ChunkDecryptor } from '../../src/crypto/chunks/chunk-decryptor.js';
import { ChunkEncryptor, encryptChunks } from '../../src/crypto/chunks/chunk-encryptor.js';
import type { ChunkAccess } from '../../src/crypto/chunks/chunk-format.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';

/** For the tests of the chunked envelope. */
export const chunkAccess = (): ChunkAccess => ({
  dataKey: randomBytes(32),
  id: randomBytes(16),
  ref: randomBytes(16),
  purpose: Buffer.from('burnbag/file/v1\x00\x01'),
});

/** The bytes in pieces of the given sizes, over and over; one piece when there is no size. */
export async function* inPieces(bytes: Uint8Array, ...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

export async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

export const sealed = (
  plaintext: Uint8Array,
  access: ChunkAccess,
  pieces: AsyncIterable<Uint8Array> = inPieces(plaintext),
): Promise<Buffer> => gather(encryptChunks(ChunkEncryptor.start(systemRandom, access), pieces));

/** A blob in memory that notes what was asked of it. */
export function stored(
  bytes: Uint8Array,
  ...sizes: number[]
): StoredChunks & { readonly asked: [from: number, to: number][] } {
  const asked: [from: number, to: number][] = [];
  return {
    asked,
    length: bytes.length,
    read(from, to) {
      asked.push([from, to]);
      return inPieces(bytes.subarray(from, to), ...sizes);
    },
  };
}

export const opened = async (blob: Uint8Array, access: ChunkAccess, ...sizes: number[]): Promise<Buffer> =>
  gather((await ChunkDecryptor.open(stored(blob, ...sizes), access)).read());

export interface Release {
  /** Whatever came out before the end. */
  readonly plaintext: Buffer;
  /** The class of the error that ended it. */
  readonly error: string | undefined;
}

/** Reads a blob that may be hostile, and keeps what it gave before it failed. */
export async function release(blob: StoredChunks, access: ChunkAccess, from?: number): Promise<Release> {
  const pieces: Buffer[] = [];
  const ended = (error: unknown) => ({ plaintext: Buffer.concat(pieces), error: (error as Error).name });
  try {
    const decryptor = await ChunkDecryptor.open(blob, access);
    for await (const piece of decryptor.read(from)) pieces.push(Buffer.from(piece));
  } catch (error) {
    return ended(error);
  }
  return { plaintext: Buffer.concat(pieces), error: undefined };
}

/** Compared instead of megabytes, so that a failure stays readable. */
export const digest = (bytes: Uint8Array): string =>
  `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
