import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { base64 } from '@scure/base';
import { deriveFromLinkKey, type Progress, type SealKeys } from './derive';
import { ensureWebCryptoFallback } from './web-crypto-fallback';

/** The payload is not an age file, was changed, or belongs to another key. */
export class SealDamagedError extends Error {
  constructor(options?: ErrorOptions) {
    super('the sealed payload does not open with this key', options);
    this.name = 'SealDamagedError';
  }
}

/** @returns the `age1...` recipient of an `AGE-SECRET-KEY-1...` identity */
export function recipientOf(identity: string): Promise<string> {
  ensureWebCryptoFallback();
  return identityToRecipient(identity);
}

/** @param recipient `age1...` @returns a binary age v1 file in padded base64 */
export async function sealTo(recipient: string, text: string): Promise<string> {
  if (!text.isWellFormed()) throw new RangeError('the text has half a character in it');
  ensureWebCryptoFallback();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return base64.encode(await encrypter.encrypt(new TextEncoder().encode(text)));
}

/**
 * Seals a text so that only the holder of the link (and passphrase) can open it.
 * @param text any well-formed Unicode @param linkKey 32 bytes
 * @returns a binary age v1 file in padded base64, and what the server needs to recognise a holder
 */
export async function seal(
  text: string,
  linkKey: Uint8Array,
  passphrase?: string,
  onProgress?: Progress,
): Promise<{ contentBase64: string; proofHash: string }> {
  const { identity, proofHash } = await deriveFromLinkKey(linkKey, passphrase, onProgress);
  return { contentBase64: await sealTo(await recipientOf(identity), text), proofHash };
}

/**
 * Opens a payload of {@link seal}: exactly the same text, byte order mark and NUL included.
 * @throws SealDamagedError for anything else
 */
export async function open(contentBase64: string, keys: Pick<SealKeys, 'identity'>): Promise<string> {
  ensureWebCryptoFallback();
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(keys.identity);
    const bytes = await decrypter.decrypt(base64.decode(contentBase64));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SealDamagedError({ cause });
  }
}
