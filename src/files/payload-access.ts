import type { ChunkAccess } from '../crypto/chunks/chunk-format.js';
import type { SecretIds } from '../secrets/record/secret-ids.js';

/** Binds the blob of a secret to its use. */
const PURPOSE = Buffer.from('burnbag/files/v1', 'ascii');

/** Keys and bindings of the blob of a secret. @param dataKey 32 bytes */
export function payloadAccess({ id, ref }: SecretIds, dataKey: Buffer): ChunkAccess {
  return { dataKey, id, ref, purpose: PURPOSE };
}
