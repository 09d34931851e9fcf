import { createSecretKey, type KeyObject } from 'node:crypto';
import { ID_BYTES, REF_BYTES } from '../../common/ids.js';
import { KEY_BYTES, NONCE_BYTES, TAG_BYTES } from '../envelope/aead.js';
import { requireLength, wipe } from '../bytes.js';
import { EnvelopeDamagedError, UnsupportedEnvelopeError } from '../crypto.errors.js';
import type { Binding } from '../envelope/envelope.js';
import { hkdfSha256 } from '../kdf/hkdf.js';

// header: version(1) | algorithm(1) | chunk size(4) | salt(16), then chunks: nonce(12) | ciphertext | tag(16)
// docs/envelope.md is the specification; ADR 0016 says why every chunk carries a nonce of its own.
const VERSION_1 = 0x01;
const ALGORITHM_AES_256_GCM = 0x01;
const SALT = 6;
const SALT_BYTES = 16;

/** Plaintext bytes of every chunk but the last. */
export const CHUNK_BYTES = 65_536;
export const CHUNK_HEADER_BYTES = SALT + SALT_BYTES;
/** Bytes that a chunk adds to its plaintext: nonce and tag. */
export const CHUNK_OVERHEAD = NONCE_BYTES + TAG_BYTES;
/** Stored bytes of every chunk but the last. */
export const STORED_CHUNK_BYTES = CHUNK_BYTES + CHUNK_OVERHEAD;
/** The index has four bytes: 256 TiB. One key may have as many nonces (NIST SP 800-38D, 8.3). */
export const MAX_CHUNKS = 2 ** 32;

const INFO = Buffer.from('burnbag/chunks/v1', 'ascii');
const AAD_LABEL = Buffer.from('burnbag/aad/chunk/v1', 'ascii');
const HKDF_LAST = Buffer.of(0x01);

/** Keys and bindings of a chunked blob. One data key may serve all the files of a secret. */
export interface ChunkAccess extends Binding {
  /** 32 bytes. */
  readonly dataKey: Uint8Array;
  /** 16 bytes of the UUID, which only the link holds. */
  readonly id: Uint8Array;
}

/** @param salt 16 random bytes */
export function chunkHeader(salt: Uint8Array): Buffer {
  requireLength('salt', salt, SALT_BYTES);
  const header = Buffer.alloc(CHUNK_HEADER_BYTES);
  header[0] = VERSION_1;
  header[1] = ALGORITHM_AES_256_GCM;
  header.writeUInt32BE(CHUNK_BYTES, 2);
  header.set(salt, SALT);
  return header;
}

export const CHUNK_SALT_BYTES = SALT_BYTES;

/** @throws UnsupportedEnvelopeError for another version or algorithm, EnvelopeDamagedError for any other misfit */
export function requireChunkHeader(header: Uint8Array): void {
  const [version, algorithm] = header;
  if (header.length !== CHUNK_HEADER_BYTES || version === undefined) throw new EnvelopeDamagedError();
  if (version !== VERSION_1) throw new UnsupportedEnvelopeError(version);
  if (algorithm !== ALGORITHM_AES_256_GCM) throw new UnsupportedEnvelopeError(version, algorithm);
  if (!chunkHeader(header.subarray(SALT)).equals(header)) throw new EnvelopeDamagedError();
}

/** Positions in a blob of a given size. */
export interface ChunkLayout {
  readonly plaintextLength: number;
  /** At least 1: an empty file is one empty chunk. */
  readonly chunks: number;
}

/**
 * @param length stored bytes of a whole blob @throws EnvelopeDamagedError for a length that no blob can have
 */
export function chunkLayout(length: number): ChunkLayout {
  const body = length - CHUNK_HEADER_BYTES;
  const chunks = Math.max(1, Math.ceil(body / STORED_CHUNK_BYTES));
  const plaintextLength = body - chunks * CHUNK_OVERHEAD;
  // Only an empty file ends with an empty chunk, so that every plaintext has one form.
  const emptyLast = chunks > 1 && plaintextLength <= (chunks - 1) * CHUNK_BYTES;
  if (!Number.isSafeInteger(length) || plaintextLength < 0 || emptyLast || chunks > MAX_CHUNKS) {
    throw new EnvelopeDamagedError();
  }
  return { plaintextLength, chunks };
}

/** @returns stored bytes of a file of `plaintextLength` bytes */
export function storedLengthOf(plaintextLength: number): number {
  const chunks = Math.max(1, Math.ceil(plaintextLength / CHUNK_BYTES));
  return CHUNK_HEADER_BYTES + plaintextLength + chunks * CHUNK_OVERHEAD;
}

/** @returns where chunk `index` begins in the blob */
export function chunkOffset(index: number): number {
  return CHUNK_HEADER_BYTES + index * STORED_CHUNK_BYTES;
}

/**
 * @returns how many whole chunks a partial blob of `length` stored bytes holds: the index at which to
 * continue
 */
export function wholeChunks(length: number): number {
  return Math.max(0, Math.floor((length - CHUNK_HEADER_BYTES) / STORED_CHUNK_BYTES));
}

/** The key of one blob: HKDF-SHA-256(ikm = dataKey, salt = id, info = "burnbag/chunks/v1" || header). */
export function chunkKey(header: Uint8Array, { dataKey, id, ref }: ChunkAccess): KeyObject {
  requireLength('dataKey', dataKey, KEY_BYTES);
  requireLength('id', id, ID_BYTES);
  requireLength('ref', ref, REF_BYTES);
  const bytes = hkdfSha256(dataKey, id, Buffer.concat([INFO, header, HKDF_LAST]));
  const key = createSecretKey(bytes);
  wipe(bytes);
  return key;
}

/**
 * label | header | index(4) | last(1) | ref | purpose length (4) | purpose.
 * @returns a function that sets index and last in one buffer, which the next call overwrites
 */
export function chunkAad(
  header: Uint8Array,
  { ref, purpose }: Binding,
): (index: number, last: boolean) => Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(purpose.length);
  const at = AAD_LABEL.length + CHUNK_HEADER_BYTES;
  const aad = Buffer.concat([AAD_LABEL, header, Buffer.alloc(5), ref, length, purpose]);
  return (index, last) => {
    aad.writeUInt32BE(index, at);
    aad[at + 4] = last ? 1 : 0;
    return aad;
  };
}
