import { createSecretKey, type KeyObject } from 'node:crypto';

import {
  aes256gcmOpen,
  aes256gcmSeal,
  KEY_BYTES,
  NONCE_BYTES,
  TAG_BYTES,
} from '../../crypto/envelope/aead.js';
import { wipe } from '../../crypto/bytes.js';
import { CryptoError } from '../../crypto/crypto.errors.js';
import type { Keyring } from '../../crypto/keyring/keyring.js';
import { systemRandom, type RandomSource } from '../../crypto/random-source.port.js';
import type { Queries } from '../../database/database.port.js';
import type { AuditKey } from './audit-chain.js';
import {
  addWrappedKey,
  readWrappedKeys,
  replaceWrappedKey,
  type WrappedKey,
} from './audit-keys.repository.js';

const KEY_INFO = 'burnbag/audit/v1';
const WRAP_INFO = 'burnbag/audit-wrap/v1';
const AAD_LABEL = 'burnbag/aad/audit-key/v1';
const VERSION = 1;
const WRAPPED_BYTES = 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/** The signing part, as it is sent to a worker thread: KeyObjects survive the structured clone. */
export interface SigningKeys {
  readonly primaryId: number;
  readonly keys: ReadonlyMap<number, KeyObject>;
}

/** @returns undefined for a key that is neither in the keyring nor can be opened from the database */
export type KeyLookup = (keyId: number) => AuditKey | undefined;

/** Every key that can verify rows of this database. */
export interface VerifyingKeys {
  readonly ids: readonly number[];
  readonly keyFor: KeyLookup;
}

/** @throws Error when the primary is not among the keys: they were not made by {@link AuditKeys.signing} */
export function signingKey({ primaryId, keys }: SigningKeys): AuditKey {
  const key = keys.get(primaryId);
  if (!key) throw new Error(`no audit key ${primaryId}`);
  return { id: primaryId, key };
}

/**
 * One audit key for each key-encryption key. The database keeps each of them sealed under the primary, so
 * that rows stay verifiable when their key-encryption key is destroyed.
 */
export class AuditKeys {
  private readonly held: ReadonlyMap<number, KeyObject>;
  private readonly wrapping: ReadonlyMap<number, KeyObject>;
  private readonly primaryId: number;

  constructor(
    keyring: Keyring,
    private readonly random: RandomSource = systemRandom,
  ) {
    this.held = new Map(keyring.ids.map((id) => [id, derive(keyring, id, KEY_INFO)]));
    this.wrapping = new Map(keyring.ids.map((id) => [id, derive(keyring, id, WRAP_INFO)]));
    this.primaryId = keyring.primary.id;
  }

  /** Signing keys only, nothing that unwraps. */
  get signing(): SigningKeys {
    return { primaryId: this.primaryId, keys: this.held };
  }

  /**
   * Brings audit_keys to a state that survives the loss of every key but the primary. Idempotent, and safe on
   * any number of replicas at once. Called at each start, before the first event is chained.
   */
  async ensureStored(queries: Queries): Promise<void> {
    const stored = new Map((await readWrappedKeys(queries)).map((row) => [row.keyId, row]));
    for (const [keyId, key] of this.held) {
      if (!stored.has(keyId)) await addWrappedKey(queries, this.wrap(keyId, key));
    }
    for (const row of stored.values()) {
      const key = this.held.get(row.keyId) ?? this.unwrap(row);
      if (key && this.isWorthReplacing(row)) await replaceWrappedKey(queries, row, this.wrap(row.keyId, key));
    }
  }

  /** @returns the keys that can verify every row of this database now */
  async verifying(queries: Queries): Promise<VerifyingKeys> {
    const known = new Map(this.held);
    for (const row of await readWrappedKeys(queries)) {
      const key = known.has(row.keyId) ? undefined : this.unwrap(row);
      if (key) known.set(row.keyId, key);
    }
    return {
      ids: [...known.keys()],
      keyFor: (id) => {
        const key = known.get(id);
        return key && { id, key };
      },
    };
  }

  /** Like {@link verifying}, for one key at a time. */
  async lookup(queries: Queries): Promise<KeyLookup> {
    return (await this.verifying(queries)).keyFor;
  }

  // A key sealed under its own key-encryption key adds nothing, and may undo the work of a newer replica.
  private isWorthReplacing(row: WrappedKey): boolean {
    if (row.wrappedBy === this.primaryId) return this.unwrap(row) === undefined;
    return row.keyId !== this.primaryId;
  }

  private wrap(keyId: number, key: KeyObject): WrappedKey {
    const wrapped = Buffer.alloc(WRAPPED_BYTES);
    const nonce = this.random.bytes(NONCE_BYTES);
    const bytes = key.export();
    wrapped[0] = VERSION;
    wrapped.set(nonce, 1);
    const aad = aadOf(keyId, this.primaryId);
    aes256gcmSeal(this.wrappingKey(this.primaryId), nonce, aad, bytes, wrapped, 1 + NONCE_BYTES);
    wipe(bytes);
    return { keyId, wrappedBy: this.primaryId, wrapped };
  }

  private unwrap({ keyId, wrappedBy, wrapped }: WrappedKey): KeyObject | undefined {
    if (!this.wrapping.has(wrappedBy) || wrapped.length !== WRAPPED_BYTES || wrapped[0] !== VERSION)
      return undefined;
    try {
      const nonce = wrapped.subarray(1, 1 + NONCE_BYTES);
      const sealed = wrapped.subarray(1 + NONCE_BYTES);
      const bytes = aes256gcmOpen(this.wrappingKey(wrappedBy), nonce, aadOf(keyId, wrappedBy), sealed);
      const key = createSecretKey(bytes);
      wipe(bytes);
      return key;
    } catch (error) {
      // A damaged copy counts as absent: rows that need it are reported one by one.
      if (error instanceof CryptoError) return undefined;
      throw error;
    }
  }

  private wrappingKey(id: number): KeyObject {
    const key = this.wrapping.get(id);
    if (!key) throw new Error(`no wrapping key ${id}`);
    return key;
  }
}

function derive(keyring: Keyring, id: number, info: string): KeyObject {
  const bytes = keyring.get(id).derive(info, KEY_BYTES);
  const key = createSecretKey(bytes);
  wipe(bytes);
  return key;
}

function aadOf(keyId: number, wrappedBy: number): Buffer {
  const aad = Buffer.alloc(AAD_LABEL.length + 16);
  let end = aad.write(AAD_LABEL, 'latin1');
  end = aad.writeBigInt64BE(BigInt(keyId), end);
  aad.writeBigInt64BE(BigInt(wrappedBy), end);
  return aad;
}
