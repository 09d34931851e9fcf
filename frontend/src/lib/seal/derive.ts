import { LINK_KEY_BYTES } from '@burnbag/contract';
import { argon2idAsync } from '@noble/hashes/argon2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad, bech32 } from '@scure/base';

/** RFC 9106 Argon2id, first of OWASP's equivalent settings: 46 MiB, one pass, one lane. */
const ARGON2 = { m: 47_104, t: 1, p: 1, dkLen: 32, asyncTick: 12 } as const;

export interface SealKeys {
  /** `AGE-SECRET-KEY-1...`: with it, `age -d` opens the payload without our code. */
  identity: string;
  /** 43 base64url characters; a client that sends them may claim or burn the secret. */
  proof: string;
  /** SHA-256 of the proof, 43 base64url characters: all that the server keeps. */
  proofHash: string;
}

/** Called with 0 to 1 during the key derivation from the passphrase. */
export type Progress = (done: number) => void;

const expand = (ikm: Uint8Array, info: string, length: number): Uint8Array =>
  hkdf(sha256, ikm, undefined, utf8ToBytes(info), length);

async function stretch(linkKey: Uint8Array, passphrase: string, onProgress?: Progress): Promise<Uint8Array> {
  const salt = expand(linkKey, 'burnbag/passphrase-salt/v1', 16);
  const password = utf8ToBytes(passphrase.normalize('NFC'));
  return argon2idAsync(password, salt, { ...ARGON2, ...(onProgress ? { onProgress } : {}) });
}

/**
 * Derives everything that opens a sealed secret from its link (docs/envelope.md).
 * @param linkKey 32 bytes @param passphrase normalised to NFC here; empty means none
 * @throws RangeError for a link key of another length
 */
export async function deriveFromLinkKey(
  linkKey: Uint8Array,
  passphrase?: string,
  onProgress?: Progress,
): Promise<SealKeys> {
  if (linkKey.length !== LINK_KEY_BYTES) throw new RangeError('a link key is 32 bytes');
  const ikm = passphrase ? concatBytes(linkKey, await stretch(linkKey, passphrase, onProgress)) : linkKey;
  const scalar = expand(ikm, 'burnbag/sealed/identity/v1', 32);
  const proof = expand(ikm, 'burnbag/sealed/proof/v1', 32);
  return {
    identity: bech32.encodeFromBytes('age-secret-key-', scalar).toUpperCase(),
    proof: base64urlnopad.encode(proof),
    proofHash: base64urlnopad.encode(sha256(proof)),
  };
}
