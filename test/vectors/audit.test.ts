import { readFileSync } from 'node:fs';

import type { AuditAction } from '@burnbag/contract';

import type { AuditEvent } from '../../src/audit/events/audit-event.js';
import { appendToChain, emptyHead } from '../../src/audit/chain/audit-chain.js';
import { AuditKeys, signingKey } from '../../src/audit/chain/audit-keys.js';
import type { WrappedKey } from '../../src/audit/chain/audit-keys.repository.js';
import { decodeHead, encodeHead } from '../../src/audit/chain/chain-encoding.js';
import { Keyring } from '../../src/crypto/keyring/keyring.js';
import type { Queries, Row } from '../../src/database/database.port.js';
import { auditKey, headSignature, rowHash, unwrapKey } from './audit-verifier.mjs';

interface RowVector {
  id: number;
  bucket: number;
  sequence: number;
  key_id: number;
  stream_id: string;
  ref: string;
  action: AuditAction;
  actor: string | null;
  ip_address: string | null;
  user_agent: string | null;
  /** Microseconds. */
  created_at: number;
  extra: AuditEvent['extra'];
  extra_data: string;
  previous_hash: string;
  hash: string;
}
interface HeadVector {
  bucket: number;
  sequence: number;
  hash: string;
  floor_sequence: number;
  floor_hash: string;
  key_id: number;
  signature: string;
  redis: string;
}
interface Frozen {
  keys: Record<string, string>;
  primary: number;
  rows: RowVector[];
  heads: HeadVector[];
  wrapped: { key_id: number; wrapped_by: number; nonce: string; wrapped: string }[];
}

const frozen = JSON.parse(readFileSync(new URL('audit.v1.json', import.meta.url), 'utf8')) as Frozen;
const hex = (text: string) => Buffer.from(text, 'hex');
const [[firstId, firstKey] = ['', ''], ...others] = Object.entries(frozen.keys);
const keyring = others
  .reduce((ring, [id, key]) => ring.add(Number(id), hex(key)), Keyring.of(Number(firstId), hex(firstKey)))
  .promote(frozen.primary);
const kek = (id: number) => hex(frozen.keys[id] ?? '');
const eventOf = (row: RowVector): AuditEvent => ({
  bucket: row.bucket,
  streamId: row.stream_id,
  ref: row.ref,
  action: row.action,
  at: row.created_at / 1_000,
  actor: row.actor,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
  extra: row.extra,
});

describe('the frozen vectors of the audit trail v1', () => {
  it('are written again, row by row', () => {
    let head = emptyHead(frozen.rows[0]?.bucket ?? -1);
    for (const row of frozen.rows) {
      const signer = signingKey({ ...new AuditKeys(keyring).signing, primaryId: row.key_id });
      const appended = appendToChain(head, [eventOf(row)], signer);
      expect(appended.rows[0]).toMatchObject({
        id: row.id,
        sequence: row.sequence,
        keyId: row.key_id,
        extraText: row.extra_data,
        previousHash: hex(row.previous_hash),
        hash: hex(row.hash),
      });
      head = appended.head;
      const vector = frozen.heads.find(({ sequence }) => sequence === row.sequence);
      if (!vector) continue;
      expect(encodeHead(head).toString('hex')).toBe(vector.redis);
      expect(head.signature.toString('hex')).toBe(vector.signature);
    }
    expect(head.sequence).toBe(frozen.rows.length);
  });

  it('have heads that Redis gives back', () => {
    for (const vector of frozen.heads) {
      expect(decodeHead(hex(vector.redis))).toEqual({
        bucket: vector.bucket,
        sequence: vector.sequence,
        hash: hex(vector.hash),
        floorSequence: vector.floor_sequence,
        floorHash: hex(vector.floor_hash),
        keyId: vector.key_id,
        signature: hex(vector.signature),
      });
    }
  });

  it('have audit keys that are sealed, and opened without their own key', async () => {
    const stored: WrappedKey[] = [];
    const nonces = frozen.wrapped.map(({ nonce }) => hex(nonce));
    const table: Queries = {
      query: <R extends Row>(sql: string, params: readonly unknown[] = []) => {
        const [keyId, wrappedBy, wrapped] = params as [number, number, Buffer];
        if (sql.startsWith('INSERT')) stored.push({ keyId, wrappedBy, wrapped });
        return Promise.resolve(stored as unknown as R[]);
      },
    };
    const random = { bytes: () => nonces.shift() ?? Buffer.alloc(0) };
    await new AuditKeys(keyring, random).ensureStored({
      query: (...call) => table.query(...call).then(() => []),
    });
    expect(stored).toEqual(
      frozen.wrapped.map(({ key_id, wrapped_by, wrapped }) => ({
        keyId: key_id,
        wrappedBy: wrapped_by,
        wrapped: hex(wrapped),
      })),
    );
    const without = new AuditKeys(Keyring.of(frozen.primary, kek(frozen.primary)));
    expect((await without.verifying(table)).ids.toSorted()).toEqual(
      frozen.wrapped.map(({ key_id }) => key_id),
    );
  });
});

describe('a verifier written from docs/audit.md alone', () => {
  it('agrees on every row, head and key', async () => {
    expect.assertions(frozen.rows.length + frozen.heads.length + frozen.wrapped.length);
    for (const row of frozen.rows) expect(await rowHash(await auditKey(kek(row.key_id)), row)).toBe(row.hash);
    for (const head of frozen.heads)
      expect(await headSignature(await auditKey(kek(head.key_id)), head)).toBe(head.signature);
    for (const row of frozen.wrapped)
      expect(await unwrapKey(kek(row.wrapped_by), row)).toBe(
        (await auditKey(kek(row.key_id))).toString('hex'),
      );
  });
});
