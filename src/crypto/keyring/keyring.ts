import { createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';

import type { KeyState } from '@burnbag/contract';
import { KEY_BYTES } from '../envelope/aead.js';
import { requireLength, wipe } from '../bytes.js';
import { KeyringError, UnknownKeyError } from '../crypto.errors.js';

export const MAX_KEK_ID = 0xffff_ffff;

export interface KeyringClone {
  readonly primaryId: number;
  readonly keys: readonly (readonly [id: number, key: KeyObject])[];
}

const RECEIPT_INFO = 'burnbag/receipt/v1';

/** Source of the current keyring, to be read again for every use: a rotation swaps it. */
export interface CurrentKeyring {
  readonly current: Keyring;
}

/** A 32-byte key-encryption key. Holds a KeyObject, so that no log, inspection or JSON can show its bytes. */
export class KeyEncryptionKey {
  readonly key: KeyObject;
  private readonly subkeys = new Map<string, KeyObject>();

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

  /** 32 bytes of {@link derive} as a key, made once: a raw key costs createHmac 25 us a call more. */
  subkey(info: string): KeyObject {
    const known = this.subkeys.get(info);
    if (known) return known;
    const bytes = this.derive(info, KEY_BYTES);
    const made = createSecretKey(bytes);
    wipe(bytes);
    this.subkeys.set(info, made);
    return made;
  }

  equals(bytes: Uint8Array): boolean {
    return bytes.length === KEY_BYTES && timingSafeEqual(this.key.export(), bytes);
  }
}

/** What is kept of a destroyed key: its id, and optionally the subkey that verifies the receipts issued under it. */
class DestroyedKey {
  readonly receiptKey: KeyObject | undefined;

  constructor(id: number, receiptKey: Uint8Array | undefined) {
    if (receiptKey) requireUsable(id, receiptKey);
    this.receiptKey = receiptKey && createSecretKey(receiptKey);
  }
}

function requireUsable(id: number, bytes: Uint8Array): void {
  if (!Number.isInteger(id) || id < 1 || id > MAX_KEK_ID) {
    throw new KeyringError(`a key id is a whole number from 1 to ${MAX_KEK_ID}`);
  }
  requireLength(`key ${id}`, bytes, KEY_BYTES);
  if (bytes.every((byte) => byte === bytes[0])) {
    throw new KeyringError(`key ${id} repeats one byte: use a random one`);
  }
}

/**
 * The key-encryption keys of one installation. Immutable: every change returns another keyring, so that a reader in
 * the middle of a request never sees half a rotation. Exactly one key is primary and seals; the others only open.
 */
export class Keyring implements CurrentKeyring {
  private constructor(
    private readonly keys: ReadonlyMap<number, KeyEncryptionKey | DestroyedKey>,
    /** The key that seals. */
    readonly primary: KeyEncryptionKey,
  ) {}

  /** This keyring itself, which is never replaced. */
  get current(): Keyring {
    return this;
  }

  /** A keyring of one key, which is primary. */
  static of(id: number, bytes: Uint8Array): Keyring {
    const key = new KeyEncryptionKey(id, bytes);
    return new Keyring(new Map([[id, key]]), key);
  }

  /** The same keyring in another thread, from the result of {@link clone}. */
  static from({ primaryId, keys }: KeyringClone): Keyring {
    const held = keys.map(([id, key]) => [id, new KeyEncryptionKey(id, key.export())] as const);
    const primary = held.find(([id]) => id === primaryId)?.[1];
    if (!primary) throw new KeyringError(`key ${primaryId} is not among the keys`);
    return new Keyring(new Map(held), primary);
  }

  /** The form for another thread: key objects survive the structured clone, and still hide their bytes. */
  clone(): KeyringClone {
    return { primaryId: this.primary.id, keys: this.ids.map((id) => [id, this.get(id).key]) };
  }

  /** Ids that can still open, ascending. */
  get ids(): readonly number[] {
    return this.allIds.filter((id) => this.stateOf(id) !== 'destroyed');
  }

  /** Every id that was ever taken, destroyed ones too, ascending. */
  get allIds(): readonly number[] {
    return [...this.keys.keys()].sort((a, b) => a - b);
  }

  /** @throws UnknownKeyError when the id was never added, or is destroyed */
  get(id: number): KeyEncryptionKey {
    const key = this.keys.get(id);
    if (!(key instanceof KeyEncryptionKey)) throw new UnknownKeyError(id, key !== undefined);
    return key;
  }

  /**
   * The subkey that verifies receipts made under this key; it opens nothing, and outlives the key. @throws
   * UnknownKeyError
   */
  receiptKey(id: number): KeyObject {
    const key = this.keys.get(id);
    const receiptKey = key instanceof KeyEncryptionKey ? key.subkey(RECEIPT_INFO) : key?.receiptKey;
    if (!receiptKey) throw new UnknownKeyError(id, key !== undefined);
    return receiptKey;
  }

  /** @returns undefined for an id that was never added */
  stateOf(id: number): KeyState | undefined {
    if (!this.keys.has(id)) return undefined;
    if (id === this.primary.id) return 'primary';
    return this.keys.get(id) instanceof KeyEncryptionKey ? 'decrypt-only' : 'destroyed';
  }

  /** Every id that was ever added or destroyed here, ascending. */
  get states(): readonly { readonly id: number; readonly state: KeyState }[] {
    return this.allIds.flatMap((id) => {
      const state = this.stateOf(id);
      return state ? [{ id, state }] : [];
    });
  }

  /**
   * Adds a key that opens but does not seal yet. The same id with the same bytes changes nothing.
   * @throws KeyringError when the id already belongs to other bytes, or to a destroyed key
   */
  add(id: number, bytes: Uint8Array): Keyring {
    if (!this.keys.has(id)) return this.with(id, new KeyEncryptionKey(id, bytes));
    const present = this.keys.get(id);
    if (!(present instanceof KeyEncryptionKey))
      throw new KeyringError(`key ${id} is destroyed, and its id is never used again`);
    if (!present.equals(bytes)) throw new KeyringError(`key ${id} is already another key: choose a new id`);
    return this;
  }

  /** Makes an existing key the one that seals. @throws UnknownKeyError */
  promote(id: number): Keyring {
    return id === this.primary.id ? this : new Keyring(this.keys, this.get(id));
  }

  /**
   * Deletes a key permanently and keeps its id taken. Idempotent; destroys an id that was never held, too.
   * @param receiptKey 32 bytes of {@link receiptKey}: with them the receipts made under the key stay valid
   * @throws KeyringError for the primary: promote another first
   */
  destroy(id: number, receiptKey?: Uint8Array): Keyring {
    if (id === this.primary.id) throw new KeyringError(`key ${id} is the primary: promote another key first`);
    if (this.stateOf(id) === 'destroyed' && !receiptKey) return this;
    return this.with(id, new DestroyedKey(id, receiptKey));
  }

  private with(id: number, key: KeyEncryptionKey | DestroyedKey): Keyring {
    return new Keyring(new Map(this.keys).set(id, key), this.primary);
  }
}
