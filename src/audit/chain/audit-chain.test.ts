import { createSecretKey } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { appendToChain, emptyHead, hashOf, headAuthentic, signHead, type AuditKey } from './audit-chain.js';
import type { AuditEvent } from '../events/audit-event.js';
import { decodeHead, encodeHead, encodeRow } from './chain-encoding.js';

const keyOf = (id: number): AuditKey => ({ id, key: createSecretKey(Buffer.alloc(32, id)) });
const key = keyOf(7);
const event = (n: number, over: Partial<AuditEvent> = {}): AuditEvent => ({
  bucket: 5,
  streamId: `1763694000000-${n}`,
  ref: '00112233445566778899aabbccddeeff',
  action: 'viewed',
  at: 1_763_694_000_000 + n,
  actor: null,
  ipAddress: '192.0.2.7',
  userAgent: 'curl/8',
  extra: { viewsLeft: n },
  ...over,
});

describe('a chain', () => {
  it('gives each event its place, and the hash of the one before', () => {
    const { rows, head } = appendToChain(emptyHead(5), [event(1), event(2), event(3)], key);
    expect(rows.map(({ id, sequence }) => [id, sequence])).toEqual([
      [21, 1],
      [37, 2],
      [53, 3],
    ]);
    expect(rows[0]?.previousHash).toEqual(Buffer.alloc(32));
    expect(rows[1]?.previousHash).toEqual(rows[0]?.hash);
    expect(head).toMatchObject({ bucket: 5, sequence: 3, hash: rows[2]?.hash, keyId: 7 });
  });

  it('is the same however it is cut into batches', () => {
    const events = [event(1), event(2), event(3)];
    const whole = appendToChain(emptyHead(5), events, key);
    const first = appendToChain(emptyHead(5), events.slice(0, 1), key);
    const second = appendToChain(first.head, events.slice(1), key);
    expect([...first.rows, ...second.rows]).toEqual(whole.rows);
    expect(second.head).toEqual(whole.head);
  });

  it('keeps what the database can keep', () => {
    const { rows } = appendToChain(emptyHead(5), [event(1, { userAgent: 'a\0b\ud800', actor: '' })], key);
    expect(rows[0]).toMatchObject({
      userAgent: 'a\\u0000b\\ud800',
      actor: '',
      extraText: '{"viewsLeft": 1}',
    });
  });

  it('takes events of its own bucket only', () => {
    expect(() => appendToChain(emptyHead(4), [event(1)], key)).toThrow(RangeError);
  });

  it('chains long texts after short ones', () => {
    const long = event(2, { userAgent: '😀'.repeat(5_000) });
    const { rows } = appendToChain(emptyHead(5), [event(1), long, event(3)], key);
    for (const row of rows) {
      const fields = { ...row, createdAtMicros: BigInt(row.at) * 1_000n };
      expect(hashOf(fields, row.previousHash, key.key)).toEqual(row.hash);
    }
  });
});

describe('the hash of a row', () => {
  const [row] = appendToChain(emptyHead(5), [event(1)], key).rows;
  if (!row) throw new Error('no row');
  const fields = { ...row, createdAtMicros: BigInt(row.at) * 1_000n };

  it.each([
    { id: 22 },
    { bucket: 6 },
    { sequence: 2 },
    { keyId: 8 },
    { createdAtMicros: fields.createdAtMicros + 1n },
    { streamId: '1763694000000-2' },
    { ref: '' },
    { action: 'burned' },
    { actor: '' },
    { ipAddress: null },
    { userAgent: 'curl/9' },
    { extraText: '{"viewsLeft":1}' },
    // Moving text from one field to the next makes another row.
    { ipAddress: '192.0.2.7c', userAgent: 'url/8' },
  ])('changes with %j', (change) => {
    expect(hashOf({ ...fields, ...change }, row.previousHash, key.key)).not.toEqual(row.hash);
  });

  it('changes with the hash before and with the key', () => {
    expect(hashOf(fields, Buffer.alloc(32, 1), key.key)).not.toEqual(row.hash);
    expect(hashOf(fields, row.previousHash, keyOf(8).key)).not.toEqual(row.hash);
    expect(() => encodeRow(fields, Buffer.alloc(31))).toThrow(RangeError);
  });
});

describe('a head', () => {
  const { head } = appendToChain(emptyHead(5), [event(1)], key);

  it('is authentic as signed', () => {
    expect(headAuthentic(head, key.key)).toBe(true);
    expect(headAuthentic(head, keyOf(8).key)).toBe(false);
    expect(headAuthentic(emptyHead(5), key.key)).toBe(false);
    expect(headAuthentic(signHead(emptyHead(5), key), key.key)).toBe(true);
  });

  it.each([
    { bucket: 6 },
    { sequence: 2 },
    { hash: Buffer.alloc(32, 1) },
    { floorSequence: 1 },
    { floorHash: Buffer.alloc(32, 1) },
    { keyId: 8 },
    { signature: Buffer.alloc(32) },
    { signature: Buffer.alloc(0) },
  ])('is not authentic with another %j', (change) => {
    expect(headAuthentic({ ...head, ...change }, key.key)).toBe(false);
  });

  it('survives Redis', () => {
    expect(encodeHead(head)).toHaveLength(123);
    expect(decodeHead(encodeHead(head))).toEqual(head);
    expect(decodeHead(Buffer.alloc(123))).toBeUndefined();
    expect(decodeHead(encodeHead(head).subarray(1))).toBeUndefined();
    expect(decodeHead(Buffer.alloc(0))).toBeUndefined();
  });
});
