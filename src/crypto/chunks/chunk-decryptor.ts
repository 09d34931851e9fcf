import type { KeyObject } from 'node:crypto';
import { aes256gcmOpen, NONCE_BYTES } from '../envelope/aead.js';
import {
  CHUNK_BYTES,
  CHUNK_HEADER_BYTES,
  chunkAad,
  chunkKey,
  chunkLayout,
  chunkOffset,
  requireChunkHeader,
  STORED_CHUNK_BYTES,
  type ChunkAccess,
  type ChunkLayout,
} from './chunk-format.js';
import { EnvelopeDamagedError } from '../crypto.errors.js';

/** A stored blob for the decryptor: its size, and any part of it as a stream of pieces of any size. */
export interface StoredChunks {
  readonly length: number;
  /**
   * Bytes from `from` (inclusive) to `to` (exclusive); a piece is valid until the next one is requested.
   * Closed early when the reader stops.
   */
  read(from: number, to: number): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
}

/** Opens a blob at any position. Releases no byte before the tag of its chunk is checked. */
export class ChunkDecryptor {
  private constructor(
    private readonly blob: StoredChunks,
    private readonly layout: ChunkLayout,
    private readonly key: KeyObject,
    private readonly aad: (index: number, last: boolean) => Buffer,
  ) {}

  /**
   * Reads the header and the last chunk, so that a blob that was cut or extended is refused before its first
   * byte, and `length` is authentic from the start.
   * @throws EnvelopeDamagedError, UnsupportedEnvelopeError, InvalidLengthError, and errors of `blob.read`
   */
  static async open(blob: StoredChunks, access: ChunkAccess): Promise<ChunkDecryptor> {
    const layout = chunkLayout(blob.length);
    const header = await exactly(await blob.read(0, CHUNK_HEADER_BYTES), CHUNK_HEADER_BYTES);
    requireChunkHeader(header);
    const decryptor = new ChunkDecryptor(blob, layout, chunkKey(header, access), chunkAad(header, access));
    const last = layout.chunks - 1;
    const size = blob.length - chunkOffset(last);
    decryptor.openChunk(last, await exactly(await blob.read(chunkOffset(last), blob.length), size));
    return decryptor;
  }

  /** Bytes of plaintext. */
  get length(): number {
    return this.layout.plaintextLength;
  }

  /**
   * Plaintext bytes from `from` (inclusive) to `to` (exclusive), at most a chunk at a time; reads on demand
   * only.
   * @throws RangeError unless 0 <= from <= to <= length; EnvelopeDamagedError at the first chunk that does
   * not authenticate, or when the blob ends early
   */
  async *read(from = 0, to = this.length): AsyncGenerator<Buffer, void, undefined> {
    requireRange(from, to, this.length);
    if (from === to) return;
    const first = Math.floor(from / CHUNK_BYTES);
    const end = Math.ceil(to / CHUNK_BYTES);
    const stop = end === this.layout.chunks ? this.blob.length : chunkOffset(end);
    const source = await this.blob.read(chunkOffset(first), stop);
    let index = first;
    for await (const stored of regroup(source, stop - chunkOffset(first))) {
      const start = index * CHUNK_BYTES;
      const plaintext = this.openChunk(index++, stored);
      yield plaintext.subarray(Math.max(0, from - start), Math.min(plaintext.length, to - start));
    }
  }

  /** @param stored nonce || ciphertext || tag of chunk `index` */
  private openChunk(index: number, stored: Uint8Array): Buffer {
    const aad = this.aad(index, index === this.layout.chunks - 1);
    return aes256gcmOpen(this.key, stored.subarray(0, NONCE_BYTES), aad, stored.subarray(NONCE_BYTES));
  }
}

function requireRange(from: number, to: number, length: number): void {
  const whole = Number.isSafeInteger(from) && Number.isSafeInteger(to);
  if (!whole || from < 0 || from > to || to > length) {
    throw new RangeError(`bytes ${from} to ${to} are not within ${length}`);
  }
}

/**
 * Cuts a stream of `total` bytes into pieces of STORED_CHUNK_BYTES and a rest. A piece is valid until the
 * next one is requested.
 * @throws EnvelopeDamagedError when the stream has another length
 */
async function* regroup(
  source: AsyncIterable<Uint8Array>,
  total: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const held = Buffer.allocUnsafeSlow(Math.min(total, STORED_CHUNK_BYTES));
  let heldLength = 0;
  let left = total;
  for await (const piece of source) {
    for (let rest = piece; rest.length > 0;) {
      const size = Math.min(left, STORED_CHUNK_BYTES);
      if (size === 0) throw new EnvelopeDamagedError();
      const taken = rest.subarray(0, size - heldLength);
      rest = rest.subarray(taken.length);
      const whole = taken.length === size;
      if (!whole) {
        held.set(taken, heldLength);
        heldLength += taken.length;
        if (heldLength < size) continue;
        heldLength = 0;
      }
      left -= size;
      yield whole ? taken : held.subarray(0, size);
    }
  }
  if (left > 0) throw new EnvelopeDamagedError();
}

async function exactly(source: AsyncIterable<Uint8Array>, length: number): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(length);
  let got = 0;
  for await (const piece of source) {
    if (piece.length > length - got) throw new EnvelopeDamagedError();
    whole.set(piece, got);
    got += piece.length;
  }
  if (got !== length) throw new EnvelopeDamagedError();
  return whole;
}
