import { createHash, createHmac, randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { appendToChain, idOf, signHead, type ChainHead } from '../../src/audit/chain/audit-chain.js';
import { AuditKeys, signingKey } from '../../src/audit/chain/audit-keys.js';
import { verifyTrail, type FindingKind } from '../../src/audit/verify/audit-verify.js';
import { encodeRow } from '../../src/audit/chain/chain-encoding.js';
import { jsonbText } from '../../src/audit/events/json-text.js';
import { insertEvents, lockHead, saveHead } from '../../src/audit/chain/trail.repository.js';
import type { Database, Queries, Row, SqlValue } from '../../src/database/database.port.js';
import { migrate } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open-database.js';
import { SeededRandom } from '../faults/kit/seeded-random.js';
import { databaseMatrix } from '../support/database-matrix.js';
import { append, auditEvent, BUCKETS, fillTrail, newKeyring, prepareTrail } from './kit/trail.js';

const EACH = 6;
const B = 3;
const id = (sequence: number, bucket = B) => idOf(bucket, sequence);
const at = (sequence: number, bucket = B) => `WHERE id = ${id(sequence, bucket)}`;
const CONTENTS = ['ref', 'action', 'actor', 'ip_address', 'user_agent', 'created_at', 'extra_data'];
const ALL_BUT_PLACE = [...CONTENTS, 'stream_id', 'key_id', 'previous_hash', 'hash'];

/** Gives two rows each other's columns. */
const swap = (columns: readonly string[], one: number, other: number) => `
  UPDATE audit_events e SET ${columns.map((name) => `${name} = o.${name}`).join(', ')}
  FROM (SELECT * FROM audit_events WHERE id IN (${one}, ${other})) o
  WHERE e.id IN (${one}, ${other}) AND o.id <> e.id`;
const withoutUniqueness = (sql: string) => ['DROP INDEX audit_events_once', sql, RESTORE_INDEX];
const RESTORE_INDEX = 'CREATE UNIQUE INDEX audit_events_once ON audit_events (bucket, stream_id)';
const swapIds = (one: number, other: number) => [
  `UPDATE audit_events SET id = -1 WHERE id = ${one}`,
  `UPDATE audit_events SET id = ${one} WHERE id = ${other}`,
  `UPDATE audit_events SET id = ${other} WHERE id = -1`,
];
/** Every row of the bucket from a sequence on, one place further: room for a forged one. */
const shift = (from: number) => [
  `UPDATE audit_events SET id = -id WHERE bucket = ${B} AND sequence >= ${from}`,
  `UPDATE audit_events SET id = -id + 16, sequence = sequence + 1 WHERE bucket = ${B} AND id < 0`,
];

interface Tampering {
  readonly what: string;
  readonly sql: readonly string[];
  readonly kind: FindingKind;
  readonly sequence: number;
  readonly bucket?: number;
}

const columnEdits: readonly (readonly [string, string])[] = [
  ['ref', "'ffffffffffffffffffffffffffffffff'"],
  ['ref', "''"],
  ['action', "'burned'"],
  ['actor', "'root'"],
  ['ip_address', "'192.0.2.8'"],
  ['ip_address', 'NULL'],
  ['user_agent', "'curl'"],
  ['created_at', "created_at + interval '1 microsecond'"],
  ['created_at', "created_at - interval '1 day'"],
  ['created_at', "'infinity'"],
  ['extra_data', `extra_data || '{"views": 9}'`],
  ['extra_data', `extra_data || '{"views": 5.0}'`],
  ['extra_data', `'{}'`],
  ['extra_data', `'[]'`],
  ['bucket', '4'],
  ['bucket', '-1'],
  ['stream_id', "'1-1'"],
  ['sequence', '99'],
  ['sequence', '4'],
  ['sequence', '-5'],
  ['key_id', '99'],
  ['key_id', '2'],
  ['previous_hash', "decode(repeat('00', 32), 'hex')"],
  ['previous_hash', "'short'"],
  ['hash', "decode(repeat('ab', 32), 'hex')"],
  ['hash', "''"],
];

const tamperings: readonly Tampering[] = [
  ...columnEdits.map(([column, value]) => ({
    what: `${column} = ${value}`,
    sql: [`UPDATE audit_events SET ${column} = ${value} ${at(5)}`],
    // A sequence of 4 is claimed twice then, but 5 is not claimed: one row was edited.
    kind: 'changed' as const,
    sequence: 5,
  })),
  ...(['0', '-77', '1000003', '1152921504606846976', '9223372036854775807'] as const).map((value) => ({
    what: `id = ${value}`,
    sql: [`UPDATE audit_events SET id = ${value} ${at(5)}`],
    kind: 'changed' as const,
    sequence: 5,
  })),
  {
    what: 'an id that fits the next place',
    sql: [`UPDATE audit_events SET id = ${id(7)} ${at(6)}`],
    kind: 'changed',
    sequence: 6,
  },
  {
    what: 'actor NULL to an empty text',
    sql: [`UPDATE audit_events SET actor = '' ${at(3)}`],
    kind: 'changed',
    sequence: 3,
  },
  {
    what: 'user_agent empty to NULL',
    sql: [`UPDATE audit_events SET user_agent = NULL ${at(5)}`],
    kind: 'changed',
    sequence: 5,
  },
  {
    what: 'the hash of the last row',
    sql: [`UPDATE audit_events SET hash = 'x' ${at(6)}`],
    kind: 'changed',
    sequence: 6,
  },
  { what: 'the last row', sql: [`UPDATE audit_events SET ref = 'x' ${at(6)}`], kind: 'changed', sequence: 6 },
  {
    what: 'a row in the middle deleted',
    sql: [`DELETE FROM audit_events ${at(3)}`],
    kind: 'removed',
    sequence: 3,
  },
  { what: 'the first row deleted', sql: [`DELETE FROM audit_events ${at(1)}`], kind: 'removed', sequence: 1 },
  {
    what: 'the last row deleted',
    sql: [`DELETE FROM audit_events ${at(6)}`],
    kind: 'tail cut off',
    sequence: 6,
  },
  {
    what: 'all rows of a bucket deleted',
    sql: [`DELETE FROM audit_events WHERE bucket = ${B}`],
    kind: 'removed',
    sequence: 1,
  },
  { what: 'every row deleted', sql: ['DELETE FROM audit_events'], kind: 'removed', sequence: 1, bucket: 0 },
  { what: 'contents swapped', sql: [swap(CONTENTS, id(2), id(5))], kind: 'reordered', sequence: 2 },
  {
    what: 'contents of neighbours swapped',
    sql: [swap(CONTENTS, id(5), id(6))],
    kind: 'reordered',
    sequence: 5,
  },
  {
    what: 'contents swapped between buckets',
    sql: [swap(CONTENTS, id(2), id(5, 9))],
    kind: 'reordered',
    sequence: 2,
  },
  {
    what: 'contents, stream and hashes swapped',
    sql: withoutUniqueness(swap(ALL_BUT_PLACE, id(2), id(5))),
    kind: 'reordered',
    sequence: 2,
  },
  {
    what: 'contents, stream and hashes of neighbours swapped',
    sql: withoutUniqueness(swap(ALL_BUT_PLACE, id(3), id(4))),
    kind: 'reordered',
    sequence: 3,
  },
  { what: 'sequences swapped', sql: [swap(['sequence'], id(2), id(5))], kind: 'reordered', sequence: 2 },
  { what: 'ids swapped', sql: swapIds(id(2), id(5)), kind: 'reordered', sequence: 2 },
  {
    what: 'ids and sequences swapped',
    sql: [...swapIds(id(2), id(5)), swap(['sequence'], id(2), id(5))],
    kind: 'reordered',
    sequence: 2,
  },
  {
    what: 'a signed head edited',
    sql: [`UPDATE audit_chains SET sequence = 5 WHERE bucket = ${B}`],
    kind: 'head changed',
    sequence: 5,
  },
  {
    what: 'the floor of a head edited',
    sql: [`UPDATE audit_chains SET floor_sequence = 2 WHERE bucket = ${B}`],
    kind: 'head changed',
    sequence: 6,
  },
  {
    what: "a head's key edited",
    sql: [`UPDATE audit_chains SET key_id = 9 WHERE bucket = ${B}`],
    kind: 'head changed',
    sequence: 6,
  },
  {
    what: 'a signed head deleted',
    sql: [`DELETE FROM audit_chains WHERE bucket = ${B}`],
    kind: 'head changed',
    sequence: 0,
  },
  {
    what: 'all signed heads deleted',
    sql: ['DELETE FROM audit_chains'],
    kind: 'head changed',
    sequence: 1,
    bucket: 0,
  },
  {
    what: 'a head of no bucket added',
    sql: [
      `INSERT INTO audit_chains SELECT 77, sequence, hash, floor_sequence, floor_hash, key_id, signature FROM audit_chains WHERE bucket = 0`,
    ],
    kind: 'head changed',
    sequence: 0,
    bucket: 77,
  },
];

describe.each(databaseMatrix())('audit verify on $name', (engine) => {
  let database: Database;
  let keys: AuditKeys;
  let heads: Map<number, ChainHead>;

  const broken = async (options = {}) => {
    const verdict = await verifyTrail(database, keys, options);
    if (!('broken' in verdict)) throw new Error(`found nothing wrong with ${verdict.events} events`);
    return verdict.broken;
  };
  const insertForged = async (sequence: number, hash: (bytes: Buffer) => Buffer) => {
    const event = { ...auditEvent(B, 50), streamId: '5-5' };
    const [before] = await database.query<Row & { hash: Buffer }>(
      `SELECT hash FROM audit_events ${at(sequence - 1)}`,
    );
    if (!before) throw new Error('no row before it');
    const place = {
      id: id(sequence),
      sequence,
      keyId: 1,
      extraText: jsonbText(event.extra),
      previousHash: before.hash,
    };
    const bytes = encodeRow({ ...event, ...place, createdAtMicros: BigInt(event.at) * 1_000n }, before.hash);
    await database.transaction((transaction) =>
      insertEvents(transaction, [{ ...event, ...place, hash: hash(bytes) }]),
    );
  };
  const headOf = async (bucket: number): Promise<ChainHead> => {
    const stored = await database.transaction((queries) => lockHead(queries, bucket));
    if (!stored) throw new Error('no head');
    return stored.head;
  };
  /** As retention does it: up to and with a sequence, in one transaction with the floor. */
  const prune = async (last: number): Promise<void> => {
    const head = await headOf(B);
    const [row] = await database.query<Row & { hash: Buffer }>(`SELECT hash FROM audit_events ${at(last)}`);
    if (!row) return;
    const signed = signHead({ ...head, floorSequence: last, floorHash: row.hash }, signingKey(keys.signing));
    await database.transaction(async (queries) => {
      await queries.query(`DELETE FROM audit_events WHERE bucket = ${B} AND sequence <= ${last}`);
      await saveHead(queries, signed, '0-0');
    });
  };
  const plain = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  const wrongKey = (bytes: Buffer) => createHmac('sha256', randomBytes(32)).update(bytes).digest();

  beforeAll(async () => {
    database = await openDatabase(await engine.quick());
    await migrate(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    keys = new AuditKeys(newKeyring());
    heads = await fillTrail(database, keys, EACH);
  });

  it('is content with what the relay wrote, with and without what Redis keeps', async () => {
    expect(await verifyTrail(database, keys)).toEqual({ events: 16 * EACH });
    expect(await verifyTrail(database, keys, { heads })).toEqual({ events: 16 * EACH });
  });

  it.each(tamperings)('finds $what', async ({ sql, kind, sequence, bucket = B }) => {
    for (const statement of sql) await database.query(statement);
    expect(await broken()).toMatchObject({ kind, bucket, sequence, sentence: expect.any(String) });
  });

  it.each([
    ['plain SHA-256', plain],
    ['HMAC of a wrong key', wrongKey],
  ] as const)('finds a row inserted at the end and in the middle, with a recomputed %s', async (_, hash) => {
    // Behind the end of its own chain, but not of the longest.
    await append(database, keys, [auditEvent(9, 7), auditEvent(9, 8)]);
    await insertForged(EACH + 1, hash);
    expect(await broken()).toMatchObject({
      kind: 'inserted',
      bucket: B,
      sequence: EACH + 1,
      streamId: '5-5',
    });
    await database.query(`DELETE FROM audit_events ${at(EACH + 1)}`);
    for (const sql of shift(4)) await database.query(sql);
    await insertForged(4, hash);
    expect(await broken()).toMatchObject({ kind: 'inserted', bucket: B, sequence: 4, streamId: '5-5' });
  });

  it('finds a row inserted in the middle with everything after it chained again by a wrong key', async () => {
    const forged = signingKey(new AuditKeys(newKeyring()).signing);
    const [before] = await database.query<Row & { hash: Buffer }>(`SELECT hash FROM audit_events ${at(3)}`);
    await database.query(`DELETE FROM audit_events WHERE bucket = ${B} AND sequence > 3`);
    const head = heads.get(B);
    if (!before || !head) throw new Error('no such row');
    const events = [50, 4, 5, 6].map((n) => auditEvent(B, n));
    const again = appendToChain({ ...head, sequence: 3, hash: before.hash }, events, forged);
    await database.transaction((transaction) => insertEvents(transaction, again.rows));
    expect((await broken()).sequence).toBe(4);
    await saveHead(database, again.head, '0-0');
    expect(await broken()).toMatchObject({ kind: 'head changed', bucket: B });
  });

  it('finds an older head that was put back', async () => {
    const [old] = await database.query(`SELECT * FROM audit_chains WHERE bucket = ${B}`);
    await append(database, keys, [auditEvent(B, 7), auditEvent(B, 8)]);
    const values = ['sequence', 'hash', 'signature'].map((name) => old?.[name] as Buffer);
    await database.query(
      `UPDATE audit_chains SET sequence = $1, hash = $2, signature = $3 WHERE bucket = ${B}`,
      values,
    );
    expect(await broken()).toMatchObject({ kind: 'head changed', bucket: B, sequence: 7 });
  });

  it('finds an older copy of everything by what Redis keeps', async () => {
    const later = new Map(heads).set(B, await append(database, keys, [auditEvent(B, 7)]));
    await database.query(`DELETE FROM audit_events ${at(7)}`);
    const old = heads.get(B);
    if (!old) throw new Error('no head');
    await saveHead(database, old, '0-0');
    expect(await verifyTrail(database, keys)).toEqual({ events: 16 * EACH });
    expect(await broken({ heads: later })).toMatchObject({ kind: 'tail cut off', bucket: B, sequence: 7 });
    // Going on from there does not hide it.
    await append(database, keys, [auditEvent(B, 8)]);
    expect(await broken({ heads: later })).toMatchObject({ kind: 'tail cut off', bucket: B, sequence: 7 });
    await append(database, keys, [auditEvent(B, 9)]);
    expect(await broken({ heads: later })).toMatchObject({ kind: 'tail cut off', bucket: B, sequence: 7 });
  });

  it('finds an empty database by what Redis keeps', async () => {
    for (const table of ['audit_events', 'audit_chains']) await database.query(`DELETE FROM ${table}`);
    expect(await verifyTrail(database, keys)).toEqual({ events: 0 });
    expect(await broken({ heads })).toMatchObject({ kind: 'tail cut off', bucket: 0, sequence: 1 });
    await prepareTrail(database, keys);
    expect(await verifyTrail(database, keys)).toEqual({ events: 0 });
    expect(await broken({ heads })).toMatchObject({ kind: 'tail cut off', bucket: 0, sequence: 1 });
  });

  it('finds a head in Redis without a valid signature', async () => {
    const head = heads.get(B);
    if (!head) throw new Error('no head');
    const forged = new Map([[B, { ...head, sequence: 2 }]]);
    expect(await broken({ heads: forged })).toMatchObject({ kind: 'head changed', bucket: B, sequence: 2 });
  });

  it('says which key is missing, and does not call the row changed', async () => {
    const other = new AuditKeys(newKeyring(2));
    await append(database, other, [auditEvent(B, 7)]);
    expect(await broken()).toMatchObject({ kind: 'key unknown', bucket: B });
    const head = heads.get(B);
    if (!head) throw new Error('no head');
    const [last] = await database.query<Row & { hash: Buffer }>(`SELECT hash FROM audit_events ${at(7)}`);
    await saveHead(
      database,
      signHead({ ...head, sequence: 7, hash: last?.hash ?? head.hash }, signingKey(keys.signing)),
      '0-0',
    );
    expect(await broken()).toMatchObject({ kind: 'key unknown', bucket: B, sequence: 7 });
  });

  it('holds after keys were rotated and the old one destroyed', async () => {
    const first = newKeyring(1);
    await fillTrail(database, new AuditKeys(first), EACH);
    const both = first.add(2, randomBytes(32)).promote(2);
    const rotated = new AuditKeys(both);
    await Promise.all([rotated.ensureStored(database), rotated.ensureStored(database)]);
    await append(database, rotated, [auditEvent(B, 7)]);
    const second = new AuditKeys(both.destroy(1));
    await second.ensureStored(database);
    expect(await verifyTrail(database, second)).toEqual({ events: 16 * EACH + 1 });
    const third = new AuditKeys(both.destroy(1).add(3, randomBytes(32)).promote(3));
    await third.ensureStored(database);
    await append(database, third, [auditEvent(B, 8)]);
    const last = new AuditKeys(both.add(3, randomBytes(32)).destroy(1));
    expect(await verifyTrail(database, last)).toMatchObject({ broken: { kind: 'key unknown' } });
    expect(await verifyTrail(database, third)).toEqual({ events: 16 * EACH + 2 });
    await database.query(`UPDATE audit_events SET ref = 'x' ${at(1)}`);
    expect(await verifyTrail(database, third)).toMatchObject({ broken: { kind: 'changed', sequence: 1 } });
  });

  it('begins behind what retention has pruned', async () => {
    const [gone] = await database.query(
      `SELECT id, ref, action, actor, ip_address, user_agent, created_at, extra_data::text AS extra_data, bucket, stream_id, sequence, key_id, previous_hash, hash FROM audit_events ${at(2)}`,
    );
    await prune(2);
    expect(await verifyTrail(database, keys, { heads })).toEqual({ events: 16 * EACH - 2 });
    await database.query(`DELETE FROM audit_events ${at(3)}`);
    expect(await broken()).toMatchObject({ kind: 'removed', bucket: B, sequence: 3 });
    heads = await fillTrail(database, keys, EACH);
    await prune(6);
    expect(await verifyTrail(database, keys, { heads })).toEqual({ events: 15 * EACH });
    const names = Object.keys(gone ?? {});
    const slots = names.map((_, index) => `$${index + 1}`).join(', ');
    await database.query(
      `INSERT INTO audit_events (${names.join(', ')}) VALUES (${slots})`,
      Object.values(gone ?? {}) as SqlValue[],
    );
    expect(await broken()).toMatchObject({ kind: 'inserted', bucket: B, sequence: 2 });
  });

  it('finds a floor that was put back together with its rows gone', async () => {
    const [old] = await database.query(`SELECT * FROM audit_chains WHERE bucket = ${B}`);
    await prune(2);
    const pruned = new Map(heads).set(B, await headOf(B));
    await database.query(
      `UPDATE audit_chains SET floor_sequence = 0, floor_hash = $1, signature = $2 WHERE bucket = ${B}`,
      [old?.['floor_hash'] as Buffer, old?.['signature'] as Buffer],
    );
    expect(await broken()).toMatchObject({ kind: 'removed', bucket: B, sequence: 1 });
    expect(await broken({ heads: pruned })).toMatchObject({ kind: 'head changed', bucket: B });
  });

  it('is not alarmed by a relay that appends meanwhile', async () => {
    let writing = true;
    const writer = (async () => {
      for (let n = EACH + 1; writing; n += 1) {
        for (const bucket of BUCKETS.filter((each) => (each + n) % 3 > 0))
          await append(database, keys, [auditEvent(bucket, 100 * n), auditEvent(bucket, 100 * n + 1)]);
      }
    })();
    for (let round = 0; round < 15; round += 1) {
      expect(await verifyTrail(database, keys)).toEqual({ events: expect.any(Number) });
    }
    writing = false;
    await writer;
  });

  it('is not alarmed by retention between any two of its questions', async () => {
    for (let question = 0; question < 6; question += 1) {
      heads = await fillTrail(database, keys, EACH);
      let asked = 0;
      const slow: Queries = {
        query: async (sql, params) => {
          asked += 1;
          // Every question from this one on finds two rows fewer.
          if (asked > question) await prune(Math.min(EACH, 2 * (asked - question)));
          return database.query(sql, params);
        },
      };
      expect(await verifyTrail(slow, keys, { heads })).toEqual({ events: expect.any(Number) });
      expect(asked).toBeGreaterThanOrEqual(4);
    }
  });

  it('prints jsonb as the database does', async () => {
    const words = [
      '',
      'a',
      'é',
      '😀',
      '"',
      '\\',
      '/',
      '\n',
      '\t',
      '\u0001',
      '\u001f',
      '\u007f',
      '\u2028',
      'zz',
      '10',
      '9',
      '_',
    ];
    const random = new SeededRandom(20_261_130);
    const pick = () => words[random.between(0, words.length - 1)] ?? '';
    const value = () =>
      [pick() + pick() + pick(), Math.floor((random.next() - 0.5) * 2 ** 53), random.next() < 0.5][
        random.between(0, 2)
      ] ?? '';
    for (let round = 0; round < 200; round += 1) {
      const object = Object.fromEntries(Array.from({ length: round % 7 }, () => [pick() + pick(), value()]));
      const [row] = await database.query<Row & { text: string }>('SELECT $1::text::jsonb::text AS text', [
        JSON.stringify(object),
      ]);
      expect(jsonbText(object)).toBe(row?.text);
    }
  });
});
