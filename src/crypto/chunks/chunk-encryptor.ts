import type { KeyObject } from 'node:crypto';
import { aes256gcmSeal, NONCE_BYTES } from '../envelope/aead.js';
import { wipe } from '../bytes.js';
import {
  CHUNK_BYTES,
  CHUNK_OVERHEAD,
  CHUNK_SALT_BYTES,
  chunkAad,
  chunkHeader,
  chunkKey,
  chunkOffset,
  MAX_CHUNKS,
  requireChunkHeader,
  wholeChunks,
  type ChunkAccess,
} from './chunk-format.js';
import type { RandomSource } from '../random-source.port.js';

/**
 * Seals one blob chunk by chunk and holds one chunk of plaintext at most. Every chunk has a fresh random nonce, so
 * sealing the same index again, here or in another process, is safe whatever the plaintext (ADR 0016).
 */
export class ChunkEncryptor {
  private readonly key: KeyObject;
  private readonly aad: (index: number, last: boolean) => Buffer;
  private readonly pending = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private pendingLength = 0;
  private next: number;
  private ended = false;

  private constructor(
    private readonly random: RandomSource,
    access: ChunkAccess,
    /** 22 bytes: the beginning of the blob. Not secret. */
    readonly header: Buffer,
    index: number,
    /** Whether the header is stored already. */
    readonly headerStored: boolean,
  ) {
    this.key = chunkKey(header, access);
    this.aad = chunkAad(header, access);
    this.next = index;
  }

  /** A new blob: the caller stores `header`, then every chunk. @throws InvalidLengthError */
  static start(random: RandomSource, access: ChunkAccess): ChunkEncryptor {
    return new ChunkEncryptor(random, access, chunkHeader(random.bytes(CHUNK_SALT_BYTES)), 0, false);
  }

  /**
   * Continues a partial blob, from the plaintext byte `index * CHUNK_BYTES`. A blob whose stored length is
   * `storedLengthOf` the whole file is complete: it must not be continued.
   * @param header as `start` gave it
   * @param storedLength what is stored and stays: 0, or the header with any number of whole chunks
   * @throws EnvelopeDamagedError, UnsupportedEnvelopeError, RangeError
   */
  static resume(
    random: RandomSource,
    access: ChunkAccess,
    header: Uint8Array,
    storedLength: number,
  ): ChunkEncryptor {
    requireChunkHeader(header);
    const index = wholeChunks(storedLength);
    if ((storedLength !== 0 && storedLength !== chunkOffset(index)) || index >= MAX_CHUNKS) {
      throw new RangeError(`no chunk begins at the stored byte ${storedLength}`);
    }
    return new ChunkEncryptor(random, access, Buffer.from(header), index, storedLength > 0);
  }

  /** Number of sealed chunks: the index of the next one. */
  get index(): number {
    return this.next;
  }

  /** @returns the stored form of each chunk that is now known not to be the last; iterate it to the end */
  *update(data: Uint8Array): Generator<Buffer, void, undefined> {
    this.requireOpen();
    for (let rest = data; rest.length > 0;) {
      // A full chunk waits for one more byte, since only then it is known not to be the last.
      if (this.pendingLength === CHUNK_BYTES) yield this.sealPending(false);
      if (this.pendingLength === 0 && rest.length > CHUNK_BYTES) {
        yield this.seal(rest.subarray(0, CHUNK_BYTES), false);
        rest = rest.subarray(CHUNK_BYTES);
      } else {
        const taken = rest.subarray(0, CHUNK_BYTES - this.pendingLength);
        this.pending.set(taken, this.pendingLength);
        this.pendingLength += taken.length;
        rest = rest.subarray(taken.length);
      }
    }
  }

  /**
   * Suspends, to be continued by `resume`: drops the bytes of an incomplete chunk, which have to be sent
   * again. Only when at least one more byte follows; otherwise the blob could not be ended.
   * @returns the waiting chunk, if it is complete
   */
  suspend(): Buffer | undefined {
    this.requireOpen();
    const chunk = this.pendingLength === CHUNK_BYTES ? this.sealPending(false) : undefined;
    this.dispose();
    return chunk;
  }

  /** @returns the last chunk, empty only for an empty file. Nothing can be added after it. */
  final(): Buffer {
    this.requireOpen();
    if (this.pendingLength === 0 && this.next > 0) {
      throw new Error('only an empty file ends with an empty chunk: a byte was promised that did not come');
    }
    const chunk = this.sealPending(true);
    this.dispose();
    return chunk;
  }

  /** Wipes the plaintext that waits. Idempotent; every other call fails after it. */
  dispose(): void {
    this.ended = true;
    wipe(this.pending);
  }

  private sealPending(last: boolean): Buffer {
    const chunk = this.seal(this.pending.subarray(0, this.pendingLength), last);
    this.pendingLength = 0;
    return chunk;
  }

  private seal(plaintext: Uint8Array, last: boolean): Buffer {
    if (this.next >= MAX_CHUNKS) throw new RangeError(`a blob has at most ${MAX_CHUNKS} chunks`);
    const out = Buffer.allocUnsafe(plaintext.length + CHUNK_OVERHEAD);
    const nonce = this.random.bytes(NONCE_BYTES);
    out.set(nonce);
    aes256gcmSeal(this.key, nonce, this.aad(this.next, last), plaintext, out, NONCE_BYTES);
    this.next++;
    return out;
  }

  private requireOpen(): void {
    if (this.ended) throw new Error('this blob has ended: a ChunkEncryptor works once');
  }
}

/**
 * The rest of a blob as it is stored, for `pipeline(source, (bytes) => encryptChunks(encryptor, bytes),
 * target)`. Reads from the source on demand only. Begins with the header, unless that is stored already. If
 * the source fails, so does this, without a last chunk.
 */
export async function* encryptChunks(
  encryptor: ChunkEncryptor,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    if (!encryptor.headerStored) yield encryptor.header;
    for await (const data of source) yield* encryptor.update(data);
    yield encryptor.final();
  } finally {
    encryptor.dispose();
  }
}
