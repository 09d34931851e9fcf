import { KEY_BYTES } from './aead.js';
import { CryptoError, KeySourceError } from './crypto.errors.js';
import { Keyring, MAX_KEK_ID } from './keyring.js';

const DESTROYED = 'destroyed';
const STANDARD = /^[A-Za-z0-9+/]{43}=?$/;
const URL_SAFE = /^[A-Za-z0-9_-]{43}=?$/;

interface Entry {
  readonly id: number;
  /** undefined: the key is destroyed */
  readonly bytes: Buffer | undefined;
}

/**
 * Reads `1:base64,2:base64`: entries separated by commas or line ends, `#` starts a comment. The LAST entry is the
 * primary key, the others only open. Base64 is standard or URL-safe, padded or not, of exactly 32 bytes;
 * `3:destroyed` keeps an id from ever being used again.
 * @throws KeySourceError that names the entry by its place (and id), and never shows what may be a key
 */
export function parseKeyring(spec: string, origin = 'BURNBAG_KEYS'): Keyring {
  const texts = spec
    .split(/\r?\n/)
    .flatMap((line) => line.replace(/#.*$/, '').split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const entries = texts.map((text, index) => parseEntry(text, `${origin}: entry ${index + 1}`));
  const last = entries.at(-1);
  if (!last) throw new KeySourceError(`${origin} has no key`);
  if (!last.bytes)
    throw new KeySourceError(`${origin}: the last entry is the primary key and cannot be destroyed`);
  if (new Set(entries.map(({ id }) => id)).size !== entries.length) {
    const twice = entries.findIndex(({ id }, index) => entries.findIndex((other) => other.id === id) < index);
    throw new KeySourceError(`${origin}: entry ${twice + 1} repeats key id ${entries[twice]?.id}`);
  }
  try {
    const start = Keyring.of(last.id, last.bytes);
    const others = entries.slice(0, -1);
    return others.reduce((ring, { id, bytes }) => (bytes ? ring.add(id, bytes) : ring.destroy(id)), start);
  } catch (error) {
    throw error instanceof CryptoError ? new KeySourceError(`${origin}: ${error.message}`) : error;
  } finally {
    for (const { bytes } of entries) bytes?.fill(0);
  }
}

/** One key as the format writes it: `id:base64`. */
export function formatKey(id: number, bytes: Uint8Array): string {
  return `${id}:${Buffer.from(bytes).toString('base64')}`;
}

function parseEntry(text: string, where: string): Entry {
  const colon = text.indexOf(':');
  const idText = text.slice(0, Math.max(colon, 0));
  const id = Number(idText);
  if (!/^[0-9]{1,10}$/.test(idText) || id < 1 || id > MAX_KEK_ID) {
    throw new KeySourceError(`${where} must be <id>:<base64>, with an id from 1 to ${MAX_KEK_ID}`);
  }
  const value = text.slice(colon + 1);
  if (value === DESTROYED) return { id, bytes: undefined };
  const bytes = STANDARD.test(value) || URL_SAFE.test(value) ? Buffer.from(value, 'base64') : undefined;
  // Re-encoding catches stray bits in the last character, which two spellings of one key would otherwise share.
  const canonical =
    bytes?.toString('base64url') === value.replace(/=$/, '').replace(/\+/g, '-').replace(/\//g, '_');
  if (!bytes || bytes.length !== KEY_BYTES || !canonical) {
    throw new KeySourceError(
      `${where} (key ${id}) is not ${KEY_BYTES} bytes of base64: make one with openssl rand -base64 ${KEY_BYTES}`,
    );
  }
  return { id, bytes };
}
