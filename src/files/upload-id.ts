import { hash } from 'node:crypto';

import { ID_BYTES, idBytes } from '../common/ids.js';

const DOMAIN = Buffer.from('burnbag/upload-id/v1', 'ascii');

/**
 * The id of the secret that an upload becomes: SHA-256("burnbag/upload-id/v1" || upload id), first 16 bytes,
 * in the form of a UUID v4 (RFC 9562). So the link of the secret cannot be used to change the upload, and
 * completing an upload again after a lost answer leads to the same secret without stored state.
 * @param uploadId a UUID v4, checked by the caller
 */
export function secretIdOf(uploadId: string): string {
  const digest = hash('sha256', Buffer.concat([DOMAIN, idBytes(uploadId)]), 'buffer').subarray(0, ID_BYTES);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x40, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
