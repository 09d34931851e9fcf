import { hash } from 'node:crypto';

import type { RandomSource } from '../../crypto/random-source.port.js';

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const ID_BYTES = 16;
const HANDLE = /^[0-9a-f]{16}$/;
const HANDLE_DIGITS = 16;

/** @returns 32 random bytes in base64url: 43 characters */
export function newToken(random: RandomSource): string {
  return random.bytes(TOKEN_BYTES).toString('base64url');
}

export function isToken(text: string | undefined): text is string {
  return text !== undefined && TOKEN.test(text);
}

/** The stored id of a token: the first 16 bytes of its SHA-256. */
export function tokenId(token: string): Buffer {
  return hash('sha256', token, 'buffer').subarray(0, ID_BYTES);
}

/** The public name of a session: the first 16 hex digits of its id. */
export function handleOf(id: Buffer): string {
  return id.toString('hex').slice(0, HANDLE_DIGITS);
}

export function isHandle(text: string): boolean {
  return HANDLE.test(text);
}
