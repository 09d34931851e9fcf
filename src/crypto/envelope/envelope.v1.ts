import { createSecretKey, type KeyObject } from 'node:crypto';
import { aes256gcmOpen, aes256gcmSeal, KEY_BYTES, NONCE_BYTES, TAG_BYTES } from './aead.js';
import { ID_BYTES, REF_BYTES } from '../../common/ids.js';
import { requireLength, wipe } from '../bytes.js';
import { EnvelopeDamagedError } from '../crypto.errors.js';
import { hkdfInfo, hkdfSha256 } from '../kdf/hkdf.js';
import type { KeyEncryptionKey, Keyring } from '../keyring/keyring.js';
import type { RandomSource } from '../random-source.port.js';

// version(1) | algorithm(1) | kekId(4) | wrapNonce(12) | wrappedDek(48) | nonce(12) | ciphertext | tag(16)
// docs/envelope.md is the specification; ADR 0002 says why the two tags cover different parts of the header.
export const VERSION_1 = 0x01;
export const ALGORITHM_AES_256_GCM = 0x01;

const KEK_ID = 2;
const WRAP_NONCE = KEK_ID + 4;
const WRAPPED_DEK = WRAP_NONCE + NONCE_BYTES;
const NONCE = WRAPPED_DEK + KEY_BYTES + TAG_BYTES;
const CIPHERTEXT = NONCE + NONCE_BYTES;

/** Bytes that envelope v1 adds to the plaintext: 94. */
export const ENVELOPE_V1_OVERHEAD = CIPHERTEXT + TAG_BYTES;

const CONTENT_INFO = hkdfInfo('burnbag/content/v1');
const WRAP_LABEL = Buffer.from('burnbag/aad/wrap/v1', 'ascii');
const CONTENT_LABEL = Buffer.from('burnbag/aad/content/v1', 'ascii');

/** The bindings of an envelope besides its keys: one record and one use. */
export interface Binding {
  /** 16 bytes: the public reference of the secret. */
  readonly ref: Uint8Array;
  /** Any bytes: the use of the payload, with every immutable field of its record. */
  readonly purpose: Uint8Array;
}

/** Inputs of the content key besides the keyring. */
export interface ContentAccess extends Binding {
  /** 16 bytes of the UUID, which only the link holds. */
  readonly id: Uint8Array;
  /** 32 bytes from the passphrase KDF, when the secret has a passphrase. */
  readonly passphraseKey?: Uint8Array | undefined;
}

/** @returns the envelope; its DEK and nonces come from one call of `random` */
export function sealV1(
  kek: KeyEncryptionKey,
  random: RandomSource,
  plaintext: Uint8Array,
  access: ContentAccess,
): Buffer {
  requireAccess(access);
  const fresh = random.bytes(KEY_BYTES + 2 * NONCE_BYTES);
  const dek = fresh.subarray(0, KEY_BYTES);
  const out = Buffer.allocUnsafe(ENVELOPE_V1_OVERHEAD + plaintext.length);
  fresh.copy(out, NONCE, KEY_BYTES + NONCE_BYTES);
  wrapDek(out, kek, dek, fresh.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES), access);
  const nonce = out.subarray(NONCE, CIPHERTEXT);
  aes256gcmSeal(contentKey(dek, access), nonce, contentAad(out, access), plaintext, out, CIPHERTEXT);
  wipe(fresh);
  return out;
}

/** @throws UnknownKeyError, EnvelopeDamagedError */
export function openV1(keyring: Keyring, envelope: Buffer, access: ContentAccess): Buffer {
  requireAccess(access);
  const dek = unwrapDek(keyring, envelope, access);
  const key = contentKey(dek, access);
  wipe(dek);
  const nonce = envelope.subarray(NONCE, CIPHERTEXT);
  return aes256gcmOpen(key, nonce, contentAad(envelope, access), envelope.subarray(CIPHERTEXT));
}

/** @returns a copy whose DEK is wrapped under `kek`; nonce, ciphertext and tag are the same bytes */
export function rewrapV1(
  keyring: Keyring,
  kek: KeyEncryptionKey,
  random: RandomSource,
  envelope: Buffer,
  binding: Binding,
): Buffer {
  requireLength('ref', binding.ref, REF_BYTES);
  const dek = unwrapDek(keyring, envelope, binding);
  const out = Buffer.from(envelope);
  wrapDek(out, kek, dek, random.bytes(NONCE_BYTES), binding);
  wipe(dek);
  return out;
}

/** The id of the key that wraps the DEK. @throws EnvelopeDamagedError when the envelope is too short */
export function kekIdOfV1(envelope: Buffer): number {
  if (envelope.length < ENVELOPE_V1_OVERHEAD) throw new EnvelopeDamagedError();
  return envelope.readUInt32BE(KEK_ID);
}

function wrapDek(
  out: Buffer,
  kek: KeyEncryptionKey,
  dek: Uint8Array,
  nonce: Uint8Array,
  binding: Binding,
): void {
  out[0] = VERSION_1;
  out[1] = ALGORITHM_AES_256_GCM;
  out.writeUInt32BE(kek.id, KEK_ID);
  out.set(nonce, WRAP_NONCE);
  aes256gcmSeal(kek.key, nonce, wrapAad(out, binding), dek, out, WRAPPED_DEK);
}

function unwrapDek(keyring: Keyring, envelope: Buffer, binding: Binding): Buffer {
  const kek = keyring.get(kekIdOfV1(envelope));
  const nonce = envelope.subarray(WRAP_NONCE, WRAPPED_DEK);
  return aes256gcmOpen(kek.key, nonce, wrapAad(envelope, binding), envelope.subarray(WRAPPED_DEK, NONCE));
}

/** The id is the salt: an attacker with every key and the record still lacks 122 random bits. */
function contentKey(dek: Buffer, { id, passphraseKey }: ContentAccess): KeyObject {
  const ikm = passphraseKey ? Buffer.concat([dek, passphraseKey]) : dek;
  const bytes = hkdfSha256(ikm, id, CONTENT_INFO);
  const key = createSecretKey(bytes);
  wipe(bytes);
  if (ikm !== dek) wipe(ikm);
  return key;
}

/** label | version | algorithm | kekId | wrapNonce | ref | purpose length (4) | purpose */
function wrapAad(envelope: Buffer, binding: Binding): Buffer {
  return aad(WRAP_LABEL, envelope, KEK_ID, WRAPPED_DEK, binding);
}

/**
 * label | version | algorithm | nonce | ref | purpose length (4) | purpose: nothing that a rotation changes
 */
function contentAad(envelope: Buffer, binding: Binding): Buffer {
  return aad(CONTENT_LABEL, envelope, NONCE, CIPHERTEXT, binding);
}

/** `from` and `to` are the header fields after version and algorithm that this tag authenticates. */
function aad(label: Buffer, envelope: Buffer, from: number, to: number, { ref, purpose }: Binding): Buffer {
  const bytes = Buffer.allocUnsafe(label.length + KEK_ID + (to - from) + REF_BYTES + 4 + purpose.length);
  let at = label.copy(bytes);
  at += envelope.copy(bytes, at, 0, KEK_ID);
  at += envelope.copy(bytes, at, from, to);
  bytes.set(ref, at);
  at = bytes.writeUInt32BE(purpose.length, at + REF_BYTES);
  bytes.set(purpose, at);
  return bytes;
}

function requireAccess({ id, ref, passphraseKey }: ContentAccess): void {
  requireLength('id', id, ID_BYTES);
  requireLength('ref', ref, REF_BYTES);
  if (passphraseKey) requireLength('passphraseKey', passphraseKey, KEY_BYTES);
}
