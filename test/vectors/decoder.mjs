// Written from docs/envelope.md alone, with WebCrypto and @noble/hashes: nothing is shared with src/.
import { argon2id } from '@noble/hashes/argon2.js';
import { bech32 } from '@scure/base';

const { subtle } = globalThis.crypto;
const text = new TextEncoder();

const join = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
const uint32 = (value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
const integer = (bytes) => bytes.reduce((value, byte) => value * 256 + byte, 0);

const sha256 = async (...parts) => new Uint8Array(await subtle.digest('SHA-256', join(...parts)));

async function hkdf(ikm, salt, info, length) {
  const key = await subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: join(salt), info: text.encode(info) };
  return new Uint8Array(await subtle.deriveBits(parameters, key, length * 8));
}

async function decrypt(rawKey, iv, additionalData, sealed) {
  const key = await subtle.importKey('raw', rawKey, 'AES-GCM', false, ['decrypt']);
  return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed));
}

/** @param keys {kekId: 32 bytes} @returns the plaintext; rejects if anything does not authenticate */
export async function openEnvelope(keys, envelope, { id, ref, purpose, passphraseKey = [] }) {
  const [head, wrap, nonce] = [envelope.slice(0, 2), envelope.slice(2, 18), envelope.slice(66, 78)];
  if (envelope.length < 94 || head[0] !== 1 || head[1] !== 1) throw new Error('not an envelope v1');
  const kek = keys[integer(wrap.slice(0, 4))];
  const binding = join(ref, uint32(purpose.length), purpose);
  const wrapAad = join('burnbag/aad/wrap/v1', head, wrap, binding);
  const dek = await decrypt(kek, wrap.slice(4), wrapAad, envelope.slice(18, 66));
  const contentKey = await hkdf(join(dek, passphraseKey), id, 'burnbag/content/v1', 32);
  return decrypt(contentKey, nonce, join('burnbag/aad/content/v1', head, nonce, binding), envelope.slice(78));
}

export const refOf = async (id) => (await sha256('burnbag/ref/v1', id)).slice(0, 16);

const stretch = (passphrase, salt, dkLen) =>
  argon2id(text.encode(passphrase.normalize('NFC')), salt, { m: 47104, t: 1, p: 1, dkLen });

export async function passphraseKeys(passphrase, id) {
  const output = stretch(passphrase, (await sha256('burnbag/passphrase-salt/v1', id)).slice(0, 16), 64);
  return {
    passphraseKey: output.slice(0, 32),
    verifier: await sha256('burnbag/verifier/v1', output.slice(32)),
  };
}

export async function readReceipt(keys, token) {
  const bytes = join(Buffer.from(token, 'base64url'));
  const [kekId, ref, createdAt, expiresAt, mac] = [
    [1, 5],
    [5, 21],
    [21, 27],
    [27, 33],
    [33, 49],
  ].map((at) => bytes.slice(...at));
  const macKey = await hkdf(keys[integer(kekId)], [], 'burnbag/receipt/v1', 32);
  const key = await subtle.importKey('raw', macKey, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const expected = new Uint8Array(await subtle.sign('HMAC', key, bytes.slice(0, 33))).slice(0, 16);
  if (bytes[0] !== 1 || Buffer.compare(expected, mac) !== 0) throw new Error('not a receipt');
  return { kekId: integer(kekId), ref, createdAt: integer(createdAt), expiresAt: integer(expiresAt) };
}

export async function sealedKeys(linkKey, passphrase) {
  const salt = await hkdf(linkKey, [], 'burnbag/passphrase-salt/v1', 16);
  const ikm = passphrase ? join(linkKey, stretch(passphrase, salt, 32)) : linkKey;
  const identity = bech32.encodeFromBytes(
    'age-secret-key-',
    await hkdf(ikm, [], 'burnbag/sealed/identity/v1', 32),
  );
  const proof = await hkdf(ikm, [], 'burnbag/sealed/proof/v1', 32);
  return { identity: identity.toUpperCase(), proof, proofHash: await sha256(proof) };
}
