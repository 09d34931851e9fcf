import type { Queries } from '../../database/database.port.js';

/** One audit key as the database keeps it: sealed under the key-encryption key `wrappedBy`. */
export interface WrappedKey {
  readonly keyId: number;
  readonly wrappedBy: number;
  readonly wrapped: Buffer;
}

export function readWrappedKeys(queries: Queries): Promise<WrappedKey[]> {
  const sql = 'SELECT key_id AS "keyId", wrapped_by AS "wrappedBy", wrapped FROM audit_keys ORDER BY key_id';
  return queries.query<WrappedKey & Record<string, unknown>>(sql);
}

/** Stores a key that is not there yet; of several processes that start at once one succeeds. */
export async function addWrappedKey(
  queries: Queries,
  { keyId, wrappedBy, wrapped }: WrappedKey,
): Promise<void> {
  const sql =
    'INSERT INTO audit_keys (key_id, wrapped_by, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
  await queries.query(sql, [keyId, wrappedBy, wrapped]);
}

/**
 * Replaces a wrapped key by another wrapping of the same key, unless a process that started meanwhile has
 * done so.
 */
export async function replaceWrappedKey(queries: Queries, old: WrappedKey, by: WrappedKey): Promise<void> {
  const sql = 'UPDATE audit_keys SET wrapped_by = $1, wrapped = $2 WHERE key_id = $3 AND wrapped = $4';
  await queries.query(sql, [by.wrappedBy, by.wrapped, old.keyId, old.wrapped]);
}
