import { validationFailed } from '../../platform/http/problem/common.errors.js';

const INTRO = Buffer.from('age-encryption.org/v1\n', 'ascii');
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const HEADER_ALLOWANCE = 1_024;
const CHUNK = 65_536;
const TAG = 16;

/** Size in bytes of an age file for so much text: header, and a tag for each 64 KiB chunk. */
export function sealedBytesLimit(textBytes: number): number {
  return textBytes + HEADER_ALLOWANCE + TAG * Math.ceil(textBytes / CHUNK);
}

/**
 * The age file in the content of a sealed secret. Checks its format, so that plain text is not stored as
 * sealed by mistake.
 * @throws ProblemError validation_failed
 */
export function decodeSealedContent(content: string): Buffer {
  const bytes = content.length % 4 === 0 && BASE64.test(content) ? Buffer.from(content, 'base64') : undefined;
  if (!bytes || !bytes.subarray(0, INTRO.length).equals(INTRO)) {
    throw validationFailed([
      { field: 'content', message: 'must be the base64 of an age v1 file when sealed is true' },
    ]);
  }
  return bytes;
}
