import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { Decrypter } from 'age-encryption';
import {
  CHUNK_BYTES,
  chunkCount,
  chunkNonce,
  SEALED_CHUNK_BYTES,
  STREAM_NONCE_BYTES,
  TAG_BYTES,
} from './age-stream.format';
import { SealDamagedError } from './seal';
import { ensureWebCryptoFallback } from './web-crypto-fallback';

/**
 * Bytes of the beginning of an age file that {@link createOpener} needs: far more than the header of one
 * recipient takes.
 */
export const HEAD_BYTES = 1_024;

/** From a byte (inclusive) to another (exclusive). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Opens the chunks of one span. It works once. */
interface SpanOpening {
  /**
   * Takes the next piece of the sealed span, of any length. @returns the bytes opened so far @throws
   * SealDamagedError
   */
  push(piece: Uint8Array): Uint8Array<ArrayBuffer>[];
  /** Ends the input. @throws SealDamagedError when something is missing */
  end(): void;
}

/** Opens any part of an age file. */
export interface Opener {
  /** Bytes of plaintext in the whole file. It is authentic only once the last chunk was opened. */
  readonly size: number;
  /** The span of whole chunks in the age file that holds this part of the plaintext. */
  sealedSpan(plain: Span): Span;
  open(plain: Span): SpanOpening;
}

/** @returns bytes up to the end of the header's last line, which begins with `---` */
function headerLength(start: Uint8Array): number {
  const text = new TextDecoder('latin1').decode(start);
  const found = /^age-encryption\.org\/v1\n(?:.*\n)*?--- .*\n/.exec(text);
  if (!found) throw new SealDamagedError();
  return found[0].length;
}

/** @returns bytes of plaintext in chunks of `sealed` bytes together; undefined for an impossible length */
function plainSize(sealed: number): number {
  const chunks = Math.ceil(sealed / SEALED_CHUNK_BYTES);
  const size = sealed - chunks * TAG_BYTES;
  if (chunks < 1 || size < 0 || chunkCount(size) !== chunks) throw new SealDamagedError();
  return size;
}

/**
 * Reads the header of an age file, to open its payload from any place on. The age library opens the header; it
 * can open chunks only one after the other from the first on.
 * @param start the first {@link HEAD_BYTES} of the file, or all of a shorter one
 * @param fileBytes of the whole age file @param identity `AGE-SECRET-KEY-1...`
 * @throws SealDamagedError when the header does not open with this identity, or no age file has this length
 */
export async function createOpener(start: Uint8Array, fileBytes: number, identity: string): Promise<Opener> {
  ensureWebCryptoFallback();
  const header = headerLength(start);
  const head = header + STREAM_NONCE_BYTES;
  if (start.length < head) throw new SealDamagedError();
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  let fileKey: Uint8Array;
  try {
    fileKey = await decrypter.decryptHeader(start.slice(0, header));
  } catch (cause) {
    throw new SealDamagedError({ cause });
  }
  const key = hkdf(sha256, fileKey, start.slice(header, head), utf8ToBytes('payload'), 32);
  const size = plainSize(fileBytes - head);
  const chunks = { first: 0, last: chunkCount(size) - 1 };

  /** The chunks that hold a part. Nothing at all is held by the chunk that would come next, or by the last one. */
  const chunksOf = ({ from, to }: Span) => {
    if (from < 0 || from > to || to > size) throw new RangeError('outside the payload');
    const first = Math.min(chunks.last, Math.floor(from / CHUNK_BYTES));
    return { first, last: Math.max(first, Math.ceil(to / CHUNK_BYTES) - 1) };
  };
  const openChunk = (index: number, sealed: Uint8Array): Uint8Array<ArrayBuffer> => {
    const opened = new Uint8Array(sealed.length - TAG_BYTES);
    try {
      chacha20poly1305(key, chunkNonce(index, index === chunks.last)).decrypt(sealed, opened);
    } catch (cause) {
      throw new SealDamagedError({ cause });
    }
    return opened;
  };

  return {
    size,
    sealedSpan(plain) {
      const { first, last } = chunksOf(plain);
      return {
        from: head + first * SEALED_CHUNK_BYTES,
        to: Math.min(fileBytes, head + (last + 1) * SEALED_CHUNK_BYTES),
      };
    },
    open(plain) {
      const { first, last } = chunksOf(plain);
      const bytesOf = (index: number): number =>
        index === chunks.last ? fileBytes - head - index * SEALED_CHUNK_BYTES : SEALED_CHUNK_BYTES;
      const gathered = new Uint8Array(SEALED_CHUNK_BYTES);
      let used = 0;
      let index = first;

      /** Opens a complete chunk. @returns the requested part of it */
      const take = (): Uint8Array<ArrayBuffer> => {
        const opened = openChunk(index, gathered.subarray(0, used));
        const at = index * CHUNK_BYTES;
        used = 0;
        index += 1;
        return opened.subarray(Math.max(0, plain.from - at), Math.max(0, plain.to - at));
      };

      return {
        push(piece) {
          const opened: Uint8Array<ArrayBuffer>[] = [];
          let rest = piece;
          while (rest.length > 0) {
            if (index > last) throw new SealDamagedError();
            const fits = rest.subarray(0, bytesOf(index) - used);
            gathered.set(fits, used);
            used += fits.length;
            rest = rest.subarray(fits.length);
            if (used === bytesOf(index)) opened.push(take());
          }
          return opened.filter(({ length }) => length > 0);
        },
        end() {
          if (index <= last) throw new SealDamagedError();
        },
      };
    },
  };
}
