import { hash } from 'node:crypto';

const REF_DOMAIN = Buffer.from('burnbag/ref/v1', 'ascii');

export const ID_BYTES = 16;
export const REF_BYTES = 16;

/** @returns the 16 bytes of a UUID; the caller has checked it with `isSecretId` */
export function idBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/**
 * The public reference of a secret: SHA-256("burnbag/ref/v1" || id), first 16 bytes. It can be stored, logged
 * and shown to administrators, since it does not reveal the id.
 */
export function refOf(id: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(REF_DOMAIN.length + ID_BYTES);
  REF_DOMAIN.copy(input);
  input.set(id, REF_DOMAIN.length);
  return hash('sha256', input, 'buffer').subarray(0, REF_BYTES);
}
