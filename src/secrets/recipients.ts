import { hash } from 'node:crypto';

import type { SecretAddress } from './secret-address.js';

export const RECIPIENT_BYTES = 16;
export const RECIPIENTS_MOST = 20;
const LABEL = Buffer.from('burnbag/recipient/v1', 'ascii');

/** Who wants to open: somebody who is signed in, by the address that the provider has verified, or nobody. */
export type Reader = 'nobody' | { readonly email?: string | undefined };

/**
 * An address as the record keeps it: the first 16 bytes of SHA-256("burnbag/recipient/v1" || id || address). The id is
 * in the link only, so nothing that is stored, with all keys, tells whose secret it is, nor lets anybody try addresses.
 * @param id 16 bytes @param email in the form of `normalEmail`
 */
function markOf(id: Buffer, email: string): Buffer {
  const input = Buffer.concat([LABEL, id, Buffer.from(email, 'utf8')]);
  return hash('sha256', input, 'buffer').subarray(0, RECIPIENT_BYTES);
}

/** @param emails in the form of `normalEmail`; named twice is named once @returns their marks, one after the other */
export function marksOf({ id }: Pick<SecretAddress, 'id'>, emails: readonly string[]): Buffer {
  return Buffer.concat([...new Set(emails)].map((email) => markOf(id, email)).sort(Buffer.compare));
}

/** @returns what the store compares; undefined when nobody is signed in. Without an address it fits no recipient. */
export function readerMark({ id }: Pick<SecretAddress, 'id'>, reader: Reader): Buffer | undefined {
  return reader === 'nobody' ? undefined : markOf(id, reader.email ?? '');
}

/** @param recipients marks, one after the other */
export function isAmong(recipients: Buffer, mark: Buffer): boolean {
  for (let at = 0; at < recipients.length; at += RECIPIENT_BYTES) {
    if (recipients.subarray(at, at + RECIPIENT_BYTES).equals(mark)) return true;
  }
  return false;
}
