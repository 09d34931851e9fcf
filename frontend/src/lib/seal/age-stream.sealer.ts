import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { Encrypter } from 'age-encryption';
import { randomBytes } from '../random';
import {
  ageFileSize,
  CHUNK_BYTES,
  chunkCount,
  chunkNonce,
  SEALED_CHUNK_BYTES,
  STREAM_NONCE_BYTES,
  TAG_BYTES,
} from './age-stream.format';
import { ensureWebCryptoFallback } from './web-crypto-fallback';

/** Milliseconds of sealing after which the page gets a turn of the event loop. */
const TURN_MS = 12;

/** Keys of one age file. They must never be used for two different contents. */
export interface StreamKeys {
  /** The header of the age file and the nonce after it: the beginning of the file. */
  start: Uint8Array;
  /** 32 bytes; encrypts the chunks. */
  payloadKey: Uint8Array;
}

/** Bytes with random access; the same place always returns the same bytes. */
export interface Plaintext {
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** An age file that is computed on demand. */
export interface Sealer {
  /** Bytes of the whole age file. */
  readonly size: number;
  /** @param start @param end within the age file, clipped to it @returns those bytes; always the same ones */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Begins a new age file: the header by the age library, whose file key a second recipient learns, which leaves no trace in
 * the header. The nonce is ours, so that the key of the payload has sealed nothing yet.
 * @param recipient `age1...`
 */
export async function createStreamKeys(recipient: string): Promise<StreamKeys> {
  ensureWebCryptoFallback();
  let fileKey = new Uint8Array();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  encrypter.addRecipient({
    wrapFileKey: (key) => {
      fileKey = key.slice();
      return [];
    },
  });
  const empty = await encrypter.encrypt(new Uint8Array());
  const header = empty.subarray(0, empty.length - STREAM_NONCE_BYTES - TAG_BYTES);
  const nonce = randomBytes(STREAM_NONCE_BYTES);
  return {
    start: concatBytes(header, nonce),
    payloadKey: hkdf(sha256, fileKey, nonce, utf8ToBytes('payload'), 32),
  };
}

interface Yielding {
  scheduler?: { yield?: () => Promise<void> };
}

/** Lets the page run pending work. Browsers throttle timers, so they are the second choice. */
const turn = (): Promise<void> =>
  (globalThis as Yielding).scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));

/** Seals any part of an age file, in any order. `plaintext` must always return the same bytes for a place. */
export function createSealer(plaintext: Plaintext, { start: head, payloadKey }: StreamKeys): Sealer {
  const size = ageFileSize(head.length, plaintext.size);
  const lastChunk = chunkCount(plaintext.size) - 1;

  async function sealChunks(first: number, last: number): Promise<Uint8Array<ArrayBuffer>> {
    const from = first * CHUNK_BYTES;
    const to = Math.min(plaintext.size, (last + 1) * CHUNK_BYTES);
    const bytes = await plaintext.read(from, to);
    const sealed = new Uint8Array(to - from + TAG_BYTES * (last - first + 1));
    let began = performance.now();
    for (let index = first; index <= last; index += 1) {
      const at = index - first;
      const chunk = bytes.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES);
      const cipher = chacha20poly1305(payloadKey, chunkNonce(index, index === lastChunk));
      sealed.set(cipher.encrypt(chunk), at * SEALED_CHUNK_BYTES);
      if (performance.now() - began < TURN_MS) continue;
      await turn();
      began = performance.now();
    }
    return sealed;
  }

  return {
    size,
    async slice(start, end) {
      const [from, to] = [Math.max(0, start), Math.min(size, end)];
      const part = new Uint8Array(Math.max(0, to - from));
      if (from < head.length) part.set(head.subarray(from, Math.min(to, head.length)));
      const body = { from: Math.max(from, head.length) - head.length, to: to - head.length };
      if (body.from >= body.to) return part;
      const first = Math.floor(body.from / SEALED_CHUNK_BYTES);
      const sealed = await sealChunks(first, Math.floor((body.to - 1) / SEALED_CHUNK_BYTES));
      const offset = first * SEALED_CHUNK_BYTES;
      part.set(sealed.subarray(body.from - offset, body.to - offset), Math.max(0, head.length - from));
      return part;
    },
  };
}
