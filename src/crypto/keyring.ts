import { createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import { KEY_BYTES } from './aead.js';
import { requireLength } from './bytes.js';
import { KeyringError, UnknownKeyError } from './crypto.errors.js';

export const MAX_KEK_ID = 0xffff_ffff;

export interface KeyringClone {
  readonly primaryId: number;
  readonly keys: readonly (readonly [id: number, key: KeyObject])[];
}

export type KeyState = 'primary' | 'decrypt-only' | 'destroyed';

/** A 32-byte key-encryption key. Holds a KeyObject, so that no log, inspection or JSON can show its bytes. */
export class KeyEncryptionKey {
  readonly key: KeyObject;

  constructor(
    readonly id: number,
    bytes: Uint8Array,
  ) {
    requireUsable(id, bytes);
    this.key = createSecretKey(bytes);
  }

  /** HKDF-SHA-256 of this key with an empty salt: one subkey per purpose, never the key itself. */
  derive(info: string, length: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key, new Uint8Array(0), info, length));
  }

  equals(bytes: Uint8Array): boolean {
    return bytes.length === KEY_BYTES && timingSafeEqual(this.key.export(), bytes);
  }
}

function requireUsable(id: number, bytes: Uint8Array): void {
  if (!Number.isInteger(id) || id < 1 || id > MAX_KEK_ID) {
    throw new KeyringError(`a key id is a whole number from 1 to ${MAX_KEK_ID}`);
  }
  requireLength(`key ${id}`, bytes, KEY_BYTES);
  if (bytes.every((byte) => byte === bytes[0])) {
    throw new KeyringError(`key ${id} repeats one byte, which is no key: use a random one`);
  }
}

/**
 * The key-encryption keys of one installation. Immutable: every change returns another keyring, so that a reader in
 * the middle of a request never sees half a rotation. Exactly one key is primary and seals; the others only open.
 */
export class Keyring {
  private constructor(
    private readonly keys: ReadonlyMap<number, KeyEncryptionKey | undefined>,
    /** The key that seals. */
    readonly primary: KeyEncryptionKey,
  ) {}

  /** A keyring of one key, which is primary. */
  static of(id: number, bytes: Uint8Array): Keyring {
    const key = new KeyEncryptionKey(id, bytes);
    return new Keyring(new Map([[id, key]]), key);
  }

  /** The same keyring in another thread, from what {@link clone} gave. */
  static from({ primaryId, keys }: KeyringClone): Keyring {
    const held = keys.map(([id, key]) => [id, new KeyEncryptionKey(id, key.export())] as const);
    const primary = held.find(([id]) => id === primaryId)?.[1];
    if (!primary) throw new KeyringError(`key ${primaryId} is not among the keys`);
    return new Keyring(new Map(held), primary);
  }

  /** What a thread can be given: key objects survive the structured clone, and still show their bytes to nobody. */
  clone(): KeyringClone {
    return { primaryId: this.primary.id, keys: this.ids.map((id) => [id, this.get(id).key]) };
  }

  /** Ids that can still open, ascending. */
  get ids(): readonly number[] {
    return [...this.keys].flatMap(([id, key]) => (key ? [id] : [])).sort((a, b) => a - b);
  }

  /** @throws UnknownKeyError when the id was never added, or is destroyed */
  get(id: number): KeyEncryptionKey {
    const key = this.keys.get(id);
    if (!key) throw new UnknownKeyError(id, this.keys.has(id));
    return key;
  }

  /** @returns undefined for an id that was never added */
  stateOf(id: number): KeyState | undefined {
    if (!this.keys.has(id)) return undefined;
    if (id === this.primary.id) return 'primary';
    return this.keys.get(id) ? 'decrypt-only' : 'destroyed';
  }

  /** Adds a key that opens but does not seal yet. The same id with the same bytes changes nothing.
   * @throws KeyringError when the id already stands for other bytes, or for a destroyed key */
  add(id: number, bytes: Uint8Array): Keyring {
    if (!this.keys.has(id)) return this.with(id, new KeyEncryptionKey(id, bytes));
    const present = this.keys.get(id);
    if (!present) throw new KeyringError(`key ${id} is destroyed, and its id is never used again`);
    if (!present.equals(bytes)) throw new KeyringError(`key ${id} is already another key: choose a new id`);
    return this;
  }

  /** Makes a key that is already here the one that seals. @throws UnknownKeyError */
  promote(id: number): Keyring {
    return id === this.primary.id ? this : new Keyring(this.keys, this.get(id));
  }

  /** Forgets a key for good and keeps its id taken. Idempotent; destroys an id that was never held, too.
   * @throws KeyringError for the primary: promote another first */
  destroy(id: number): Keyring {
    if (id === this.primary.id) throw new KeyringError(`key ${id} is the primary: promote another key first`);
    return this.stateOf(id) === 'destroyed' ? this : this.with(id, undefined);
  }

  private with(id: number, key: KeyEncryptionKey | undefined): Keyring {
    return new Keyring(new Map(this.keys).set(id, key), this.primary);
  }
}
