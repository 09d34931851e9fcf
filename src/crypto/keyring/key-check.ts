import type { Keyring } from './keyring.js';

const FINGERPRINT_BYTES = 16;

const INFO = 'burnbag/key-check/v1';

/**
 * Storable fingerprint of each key: HKDF(KEK, "burnbag/key-check/v1", 16). It distinguishes keys and reveals
 * nothing else, so that a start with the wrong key is refused before anything is sealed under it.
 * @returns id to 16 bytes, of every key that is held
 */
export function keyFingerprints(keyring: Keyring): Map<number, Buffer> {
  return new Map(keyring.ids.map((id) => [id, keyring.get(id).derive(INFO, FINGERPRINT_BYTES)]));
}
