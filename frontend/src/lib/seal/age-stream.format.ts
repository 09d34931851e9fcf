/**
 * The layout of a binary age v1 file (https://age-encryption.org/v1): a header, a nonce of 16 bytes, then chunks of 64 KiB,
 * each with a tag. Sizes and places only; the cipher is in {@link ./age-stream.sealer}.
 */
export const CHUNK_BYTES = 65_536;
export const TAG_BYTES = 16;
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
/** Between the header and the chunks; salts the key of the payload. */
export const STREAM_NONCE_BYTES = 16;

/** @returns how many chunks `bytes` bytes of plaintext make; an empty plaintext makes one empty chunk */
export const chunkCount = (bytes: number): number => Math.max(1, Math.ceil(bytes / CHUNK_BYTES));

/** @param start bytes of header and nonce together @returns bytes of the age file for `bytes` bytes of plaintext */
export const ageFileSize = (start: number, bytes: number): number =>
  start + bytes + TAG_BYTES * chunkCount(bytes);

/** The nonce of a chunk: its number in 11 bytes, big-endian, then 1 for the last chunk and 0 for every other. */
export function chunkNonce(index: number, last: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  view.setBigUint64(3, BigInt(index));
  nonce[11] = last ? 1 : 0;
  return nonce;
}
