import { EnvelopeDamagedError } from '../../crypto/crypto.errors.js';

const VERSION = 1;
const KEY_BYTES = 32;
const MANIFEST_AT = 1 + KEY_BYTES;

/** Content of the envelope of files. Without it the blob cannot be decrypted. */
export interface FileContents {
  /** 32 bytes: the data key of the blob's chunks. */
  readonly dataKey: Buffer;
  /** JSON in UTF-8, or, when sealed, an age file of it. */
  readonly manifest: Buffer;
}

/** @returns version(1) dataKey(32) manifest */
export function encodeFileContents({ dataKey, manifest }: FileContents): Buffer {
  if (dataKey.length !== KEY_BYTES) throw new RangeError(`a data key has ${KEY_BYTES} bytes`);
  return Buffer.concat([Buffer.of(VERSION), dataKey, manifest]);
}

/** @throws EnvelopeDamagedError for bytes that `encodeFileContents` did not write */
export function decodeFileContents(bytes: Buffer): FileContents {
  if (bytes.length < MANIFEST_AT || bytes[0] !== VERSION) throw new EnvelopeDamagedError();
  return { dataKey: bytes.subarray(1, MANIFEST_AT), manifest: bytes.subarray(MANIFEST_AT) };
}
