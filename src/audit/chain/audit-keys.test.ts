import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';

import { describe, expect, it } from '@jest/globals';

import { Keyring } from '../../crypto/keyring/keyring.js';
import type { Queries, Row, SqlValue } from '../../database/database.port.js';
import { AuditKeys, signingKey, type SigningKeys } from './audit-keys.js';
import type { WrappedKey } from './audit-keys.repository.js';

const bytes = (seed: number) =>
  Buffer.from(Array.from({ length: 32 }, (_, index) => (seed + index * 7) % 256));
const one = Keyring.of(1, bytes(1));
const both = one.add(2, bytes(2));
const exported = (keys: AuditKeys) =>
  Object.fromEntries([...keys.signing.keys].map(([id, key]) => [id, key.export().toString('hex')]));

/** The table audit_keys. */
class Table implements Queries {
  rows: WrappedKey[] = [];

  query<R extends Row>(sql: string, params: readonly SqlValue[] = []): Promise<R[]> {
    if (sql.startsWith('SELECT'))
      return Promise.resolve(this.rows.map((row) => ({ ...row })) as unknown as R[]);
    if (sql.startsWith('INSERT')) {
      const [keyId, wrappedBy, wrapped] = params as [number, number, Buffer];
      if (!this.rows.some((row) => row.keyId === keyId)) this.rows.push({ keyId, wrappedBy, wrapped });
      return Promise.resolve([]);
    }
    const [wrappedBy, wrapped, keyId, old] = params as [number, Buffer, number, Buffer];
    this.rows = this.rows.map((row) =>
      row.keyId === keyId && row.wrapped.equals(old) ? { keyId, wrappedBy, wrapped } : row,
    );
    return Promise.resolve([]);
  }

  get wrappings(): string[] {
    return this.rows.map(({ keyId, wrappedBy }) => `${keyId} by ${wrappedBy}`);
  }
}

const known = async (keys: AuditKeys, table: Table) => [...(await keys.verifying(table)).ids].sort();

describe('the audit keys', () => {
  it('are one for each key-encryption key, and differ from it', () => {
    const keys = exported(new AuditKeys(both));
    expect(Object.keys(keys)).toEqual(['1', '2']);
    expect(keys['1']).not.toBe(keys['2']);
    expect(keys['1']).not.toBe(bytes(1).toString('hex'));
    expect(exported(new AuditKeys(one))['1']).toBe(keys['1']);
  });

  it('sign with the primary, also in another thread', async () => {
    const { signing } = new AuditKeys(both.promote(2));
    expect(signingKey(signing).id).toBe(2);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(signing);
    const [data] = (await once(port2, 'message')) as [SigningKeys];
    port1.close();
    expect(signingKey(data).key.export()).toEqual(signingKey(signing).key.export());
    expect(() => signingKey({ primaryId: 3, keys: new Map() })).toThrow('no audit key 3');
  });

  it('outlive their key-encryption keys, through several rotations', async () => {
    const table = new Table();
    await new AuditKeys(one).ensureStored(table);
    expect(table.wrappings).toEqual(['1 by 1']);
    await new AuditKeys(both.promote(2)).ensureStored(table);
    expect(table.wrappings).toEqual(['1 by 2', '2 by 2']);
    const three = both.promote(2).destroy(1).add(3, bytes(3)).promote(3);
    await new AuditKeys(three).ensureStored(table);
    expect(table.wrappings).toEqual(['1 by 3', '2 by 3', '3 by 3']);
    const last = new AuditKeys(three.destroy(2));
    const { keyFor, ids } = await last.verifying(table);
    expect([...ids].sort()).toEqual([1, 2, 3]);
    expect(keyFor(1)?.key.export().toString('hex')).toBe(exported(new AuditKeys(one))['1']);
    expect(keyFor(4)).toBeUndefined();
    expect((await last.lookup(table))(2)?.id).toBe(2);
  });

  it('are not sealed back under an older key by a replica that knows no newer one', async () => {
    const table = new Table();
    await new AuditKeys(both.promote(2)).ensureStored(table);
    await new AuditKeys(one).ensureStored(table);
    await new AuditKeys(both).ensureStored(table);
    expect(table.wrappings).toEqual(['1 by 2', '2 by 1']);
    expect(await known(new AuditKeys(both.promote(2).destroy(1)), table)).toEqual([1, 2]);
  });

  it('are not changed by a second start, nor by two at once', async () => {
    const table = new Table();
    const keys = new AuditKeys(both);
    await Promise.all([keys.ensureStored(table), new AuditKeys(both).ensureStored(table)]);
    const before = table.rows;
    await keys.ensureStored(table);
    expect(table.rows).toEqual(before);
  });

  it('tells a damaged copy, a copy of another key and an unknown key from a valid one', async () => {
    const table = new Table();
    await new AuditKeys(both.promote(2)).ensureStored(table);
    const second = new AuditKeys(both.promote(2).destroy(1));
    const [row] = table.rows;
    if (!row) throw new Error('no row');
    for (let at = 0; at < row.wrapped.length; at += 1) {
      const wrapped = Buffer.from(row.wrapped);
      wrapped[at] = (wrapped[at] ?? 0) ^ 1;
      table.rows = [{ ...row, wrapped }];
      expect(await known(second, table)).toEqual([2]);
    }
    table.rows = [{ ...row, keyId: 5 }];
    expect(await known(second, table)).toEqual([2]);
    table.rows = [row];
    expect(await known(new AuditKeys(Keyring.of(9, bytes(9))), table)).toEqual([9]);
  });

  it('heal a damaged copy at the next start', async () => {
    const table = new Table();
    const keys = new AuditKeys(both.promote(2));
    await keys.ensureStored(table);
    table.rows = table.rows.map((row) => ({ ...row, wrapped: Buffer.alloc(row.wrapped.length) }));
    await keys.ensureStored(table);
    expect(await known(new AuditKeys(both.promote(2).destroy(1)), table)).toEqual([1, 2]);
  });
});
