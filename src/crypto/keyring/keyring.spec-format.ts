import { KEY_BYTES } from '../envelope/aead.js';
import { CryptoError, KeySourceError } from '../crypto.errors.js';
import { Keyring, MAX_KEK_ID } from './keyring.js';

const DESTROYED = 'destroyed';
const RETIRED = 'retired:';
const STANDARD = /^[A-Za-z0-9+/]{43}=?$/;
const URL_SAFE = /^[A-Za-z0-9_-]{43}=?$/;
/** A key as wrapped by Vault Transit: its own format, which only it can open. */
const WRAPPED = /^vault:v[0-9]{1,9}:[A-Za-z0-9+/=]{40,400}$/;

/** One parsed entry, before anything is unwrapped. */
export interface KeyEntry {
  readonly id: number;
  /** `retired`: a destroyed key whose receipt key is kept. */
  readonly state: 'key' | 'retired' | 'destroyed';
  /** 32 bytes in the clear. */
  readonly bytes?: Buffer;
  /** The same as wrapped by a key provider. */
  readonly wrapped?: string;
}

/**
 * Reads `1:base64,2:base64`: entries separated by commas or line ends, `#` starts a comment. The LAST entry is the
 * primary key, the others only open. Base64 is standard or URL-safe, padded or not, of exactly 32 bytes;
 * `3:destroyed` keeps an id from ever being used again, `3:retired:base64` also keeps its receipts good.
 * @throws KeySourceError that names the entry by its place (and id), and never shows what may be a key
 */
export function parseKeyring(spec: string, origin = 'BURNBAG_KEYS'): Keyring {
  return keyringOf(parseEntries(spec, origin), origin);
}

/** The entries of a spec, checked for everything that needs no key. @throws KeySourceError as {@link parseKeyring} */
export function parseEntries(spec: string, origin: string): KeyEntry[] {
  const entries = entryTexts(spec).map((text, index) => parseEntry(text, `${origin}: entry ${index + 1}`));
  const last = entries.at(-1);
  if (!last) throw new KeySourceError(`${origin} has no key`);
  if (last.state !== 'key')
    throw new KeySourceError(`${origin}: the last entry is the primary key and cannot be destroyed`);
  if (new Set(entries.map(({ id }) => id)).size !== entries.length) {
    const twice = entries.findIndex(({ id }, index) => entries.findIndex((other) => other.id === id) < index);
    throw new KeySourceError(`${origin}: entry ${twice + 1} repeats key id ${entries[twice]?.id}`);
  }
  return entries;
}

/**
 * Makes the keyring and wipes the bytes. @throws KeySourceError, also for an entry that no provider has
 * unwrapped
 */
export function keyringOf(entries: readonly KeyEntry[], origin: string): Keyring {
  try {
    const closed = entries.find(({ wrapped, bytes }) => wrapped !== undefined && !bytes);
    if (closed) throw new KeySourceError(needsProvider(origin, closed.id));
    const last = entries.at(-1);
    if (!last?.bytes) throw new KeySourceError(`${origin} has no key`);
    return entries.slice(0, -1).reduce(added, Keyring.of(last.id, last.bytes));
  } catch (error) {
    if (error instanceof KeySourceError || !(error instanceof CryptoError)) throw error;
    throw new KeySourceError(`${origin}: ${error.message}`);
  } finally {
    for (const { bytes } of entries) bytes?.fill(0);
  }
}

/** One key as the format writes it: `id:base64`. */
export function formatKey(id: number, bytes: Uint8Array): string {
  return `${id}:${Buffer.from(bytes).toString('base64')}`;
}

/**
 * The remains of a destroyed key: its id and its receipt key. @param material base64 of 32 bytes, or wrapped
 * by a provider
 */
export function formatRetired(id: number, material: string): string {
  return `${id}:${RETIRED}${material}`;
}

/** The entries as they are written, without comments. */
function entryTexts(spec: string): string[] {
  return spec
    .split(/\r?\n/)
    .flatMap((line) => line.split('#', 1)[0]?.split(',') ?? [])
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function needsProvider(origin: string, id: number): string {
  return `${origin}: key ${id} is wrapped by Vault: set VAULT_ADDR, VAULT_TOKEN and VAULT_TRANSIT_KEY`;
}

function added(ring: Keyring, { id, state, bytes }: KeyEntry): Keyring {
  return state === 'key' && bytes ? ring.add(id, bytes) : ring.destroy(id, bytes);
}

function parseEntry(text: string, where: string): KeyEntry {
  const colon = text.indexOf(':');
  const idText = text.slice(0, Math.max(colon, 0));
  const id = Number(idText);
  if (!/^[0-9]{1,10}$/.test(idText) || id < 1 || id > MAX_KEK_ID) {
    throw new KeySourceError(`${where} must be <id>:<base64>, with an id from 1 to ${MAX_KEK_ID}`);
  }
  const value = text.slice(colon + 1);
  if (value === DESTROYED) return { id, state: 'destroyed' };
  const isRetired = value.startsWith(RETIRED);
  const state = isRetired ? 'retired' : 'key';
  const material = isRetired ? value.slice(RETIRED.length) : value;
  if (WRAPPED.test(material)) return { id, state, wrapped: material };
  return { id, state, bytes: parseMaterial(material, `${where} (key ${id})`) };
}

function parseMaterial(value: string, where: string): Buffer {
  const bytes = STANDARD.test(value) || URL_SAFE.test(value) ? Buffer.from(value, 'base64') : undefined;
  // Re-encoding detects stray bits in the last character, which would give one key two spellings.
  const canonical =
    bytes?.toString('base64url') === value.replace(/=$/, '').replace(/\+/g, '-').replace(/\//g, '_');
  if (!bytes || bytes.length !== KEY_BYTES || !canonical) {
    throw new KeySourceError(
      `${where} is not ${KEY_BYTES} bytes of base64: make one with openssl rand -base64 ${KEY_BYTES}`,
    );
  }
  return bytes;
}
