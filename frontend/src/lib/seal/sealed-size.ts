/** An age v1 file to one X25519 recipient: 168 bytes of header, 16 of nonce, then a 16-byte tag per 64 KiB. */
const HEADER_AND_NONCE = 184;
const CHUNK = 65_536;
const TAG = 16;

/** @returns bytes of the age file for a text of `bytes` bytes */
export const sealedSize = (bytes: number): number =>
  HEADER_AND_NONCE + bytes + TAG * Math.max(1, Math.ceil(bytes / CHUNK));

/** @returns bytes of the text inside an age file of `size` bytes, never below 0 */
export const unsealedSize = (size: number): number => {
  const body = Math.max(0, size - HEADER_AND_NONCE);
  return Math.max(0, body - TAG * Math.max(1, Math.ceil(body / (CHUNK + TAG))));
};
