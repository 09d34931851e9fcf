import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

import {
  aes256gcmOpen,
  aes256gcmSeal,
  KEY_BYTES,
  NONCE_BYTES,
  TAG_BYTES,
} from '../../crypto/envelope/aead.js';
import { EnvelopeDamagedError } from '../../crypto/crypto.errors.js';
import type { RandomSource } from '../../crypto/random-source.port.js';

/** State that the callback needs. */
export interface SignInRecord {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** A local path; it may hold the id of a secret. */
  readonly returnTo: string;
}

const INFO = 'burnbag/sign-in/v1';
const AAD = Buffer.from(INFO, 'ascii');

function keyOf(token: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', token, '', INFO, KEY_BYTES)));
}

/**
 * Seals a record under a key derived from the browser's cookie (HKDF-SHA-256, AES-256-GCM): Redis keeps
 * neither the id of the secret that the person is about to open nor what would finish the sign-in.
 * @returns nonce || ciphertext || tag
 */
export function sealRecord(record: SignInRecord, token: string, random: RandomSource): Buffer {
  const plain = Buffer.from(JSON.stringify(record), 'utf8');
  const nonce = random.bytes(NONCE_BYTES);
  const out = Buffer.alloc(NONCE_BYTES + plain.length + TAG_BYTES);
  nonce.copy(out);
  aes256gcmSeal(keyOf(token), nonce, AAD, plain, out, NONCE_BYTES);
  return out;
}

/** @returns undefined when the record was not sealed with this token */
export function openRecord(sealed: Buffer, token: string): SignInRecord | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const plain = aes256gcmOpen(keyOf(token), nonce, AAD, sealed.subarray(NONCE_BYTES));
    // The tag proves that `sealRecord` wrote it.
    return JSON.parse(plain.toString('utf8')) as SignInRecord;
  } catch (error) {
    if (error instanceof EnvelopeDamagedError) return undefined;
    throw error;
  }
}
