import { hash } from 'node:crypto';

import type { RandomSource } from '../../crypto/random-source.port.js';

/** Prefix by which people, and scanners of repositories, recognise it. */
const PREFIX = 'bbt_';
const SECRET_BYTES = 32;
const FORM = /^bbt_([A-Za-z0-9_-]{43})$/;
const HASH_LABEL = Buffer.from('burnbag/token/v1', 'ascii');
const ID_BYTES = 16;
const ID_FORM = /^[0-9a-f]{32}$/;

/** @returns `bbt_` and 256 random bits in base64url: 47 characters */
export function newTokenText(random: RandomSource): string {
  return `${PREFIX}${random.bytes(SECRET_BYTES).toString('base64url')}`;
}

/**
 * The stored hash of a token: SHA-256("burnbag/token/v1" || its 32 bytes). A slow hash is not needed for 256
 * random bits.
 * @returns 32 bytes; undefined for a malformed token
 */
export function tokenHash(text: string): Buffer | undefined {
  const secret = FORM.exec(text)?.[1];
  if (secret === undefined) return undefined;
  const bytes = Buffer.from(secret, 'base64url');
  // The last character has two spare bits: only one spelling of a token is accepted.
  if (bytes.toString('base64url') !== secret) return undefined;
  return hash('sha256', Buffer.concat([HASH_LABEL, bytes]), 'buffer');
}

/**
 * The public handle of a token: it can be listed and logged, and does not reveal the token. @returns 16 bytes
 */
export function tokenIdOf(hashed: Buffer): Buffer {
  return hashed.subarray(0, ID_BYTES);
}

/** @returns the 16 bytes of a token's id, which is 32 hex digits; undefined for anything else */
export function parseTokenId(text: string): Buffer | undefined {
  return ID_FORM.test(text) ? Buffer.from(text, 'hex') : undefined;
}
