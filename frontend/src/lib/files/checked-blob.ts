import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad } from '@scure/base';
import type { Plaintext } from '../seal/age-stream.sealer';

/** Bytes that are read, hashed and remembered together: small enough for memory, large enough for few hashes. */
export const SEGMENT_BYTES = 4_194_304;

/** The files have changed since the upload began. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
}

/** The browser cannot read a file any more: moved, deleted, changed on disk, or a folder. */
export class FileUnreadableError extends Error {
  override readonly name = 'FileUnreadableError';
}

/** Segments that were read before, by number: SHA-256 in base64url. */
export interface SegmentHashes {
  get(segment: number): string | undefined;
  set(segment: number, hash: string): void;
}

export interface CheckedBlob extends Plaintext {
  /**
   * Compares every known segment with the current content.
   * @param onProgress compared share @throws FileChangedError, FileUnreadableError
   */
  verify(onProgress?: (done: number) => void, signal?: AbortSignal): Promise<void>;
}

/** `crypto.subtle` is hidden from pages over plain http; there the library hashes, slower. */
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const native = typeof globalThis.crypto.subtle?.digest === 'function';
  const hash = native ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : sha256(bytes);
  return base64urlnopad.encode(hash);
}

/**
 * A blob that returns the same bytes for the same place each time, or an error. The hash of a segment is
 * stored before its first byte is returned: sealing other bytes under the same nonce would reveal both.
 */
export function createCheckedBlob(blob: Blob, known: SegmentHashes): CheckedBlob {
  let latest: { segment: number; bytes: Promise<Uint8Array> } | undefined;

  async function load(segment: number): Promise<Uint8Array> {
    const start = segment * SEGMENT_BYTES;
    const bytes = await blob
      .slice(start, start + SEGMENT_BYTES)
      .arrayBuffer()
      .then((buffer) => new Uint8Array(buffer))
      .catch((cause: unknown) => {
        throw new FileUnreadableError('a file cannot be read', { cause });
      });
    if (bytes.length !== Math.min(SEGMENT_BYTES, blob.size - start))
      throw new FileChangedError('a file has another length now');
    const hash = await hashOf(bytes);
    const before = known.get(segment);
    if (before !== undefined && before !== hash) throw new FileChangedError('a file has other content now');
    if (before === undefined) known.set(segment, hash);
    return bytes;
  }

  /** The newest segment is kept: parts of an upload end in the middle of one. */
  function segmentBytes(segment: number): Promise<Uint8Array> {
    if (latest?.segment !== segment) latest = { segment, bytes: load(segment) };
    const { bytes } = latest;
    bytes.catch(() => {
      if (latest?.bytes === bytes) latest = undefined;
    });
    return bytes;
  }

  return {
    size: blob.size,
    async read(start, end) {
      const [from, to] = [Math.max(0, start), Math.min(blob.size, end)];
      const bytes = new Uint8Array(Math.max(0, to - from));
      for (let at = from; at < to;) {
        const segment = Math.floor(at / SEGMENT_BYTES);
        const stop = Math.min(to, (segment + 1) * SEGMENT_BYTES);
        const offset = segment * SEGMENT_BYTES;
        bytes.set((await segmentBytes(segment)).subarray(at - offset, stop - offset), at - from);
        at = stop;
      }
      return bytes;
    },
    async verify(onProgress, signal) {
      const segments = Math.ceil(blob.size / SEGMENT_BYTES);
      const seen = Array.from({ length: segments }, (_, at) => at).filter(
        (at) => known.get(at) !== undefined,
      );
      for (const [done, segment] of seen.entries()) {
        signal?.throwIfAborted();
        await load(segment);
        onProgress?.((done + 1) / seen.length);
      }
    },
  };
}
