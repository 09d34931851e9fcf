import type { ChunkAccess } from '../crypto/chunk-format.js';
import type { SecretAddress } from '../secrets/secret-address.js';

/** Ties the blob of a secret to its use. */
const PURPOSE = Buffer.from('burnbag/files/v1', 'ascii');

/** What seals and opens the blob of a secret. @param dataKey 32 bytes */
export function payloadAccess({ id, ref }: SecretAddress, dataKey: Buffer): ChunkAccess {
  return { dataKey, id, ref, purpose: PURPOSE };
}
