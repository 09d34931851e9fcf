import { hash } from 'node:crypto';

import type { SecretIds } from '../record/secret-ids.js';

export const RECIPIENT_BYTES = 16;
const LABEL = Buffer.from('burnbag/recipient/v1', 'ascii');

/** The reader: a signed-in person, by the e-mail address that the provider has verified, or undefined. */
export type Reader = 'nobody' | { readonly email?: string | undefined };

/**
 * The stored form of an e-mail address: the first 16 bytes of SHA-256("burnbag/recipient/v1" || id ||
 * address). The id is in the link only, so the stored data, with all keys, neither reveals the recipients nor
 * allows to test guesses.
 * @param id 16 bytes @param email in the form of `normalEmail`
 */
function markOf(id: Buffer, email: string): Buffer {
  const input = Buffer.concat([LABEL, id, Buffer.from(email, 'utf8')]);
  return hash('sha256', input, 'buffer').subarray(0, RECIPIENT_BYTES);
}

/** @param emails in the form of `normalEmail`; duplicates count once @returns their marks, concatenated */
export function marksOf({ id }: Pick<SecretIds, 'id'>, emails: readonly string[]): Buffer {
  return Buffer.concat([...new Set(emails)].map((email) => markOf(id, email)).sort(Buffer.compare));
}

/**
 * @returns the value that the store compares; undefined without a sign-in. Without an e-mail address it
 * matches no recipient.
 */
export function recipientHash({ id }: Pick<SecretIds, 'id'>, reader: Reader): Buffer | undefined {
  return reader === 'nobody' ? undefined : markOf(id, reader.email ?? '');
}

/** @param recipients concatenated marks */
export function isAmong(recipients: Buffer, mark: Buffer): boolean {
  for (let at = 0; at < recipients.length; at += RECIPIENT_BYTES) {
    if (recipients.subarray(at, at + RECIPIENT_BYTES).equals(mark)) return true;
  }
  return false;
}
