import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { CopyRows } from '../../src/database/copy-rows.js';
import {
  DatabaseAwayError,
  DatabaseUnfitError,
  StatementError,
  type Database,
} from '../../src/database/database.port.js';
import { migrate, nameTrail } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open-database.js';
import { databaseMatrix, freshDataDir } from '../support/database-matrix.js';
import { LOCKED_ROLE, startPostgres } from '../support/postgres-server.js';

const TABLES = [
  'audit_chains',
  'audit_events',
  'audit_hours',
  'audit_keys',
  'audit_set_aside',
  'audit_trail',
  'secrets',
];

async function tablesOf(database: Database): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'burnbag%' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe.each(databaseMatrix())('the database on $name', (engine) => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase(await engine.fresh());
  });
  afterAll(() => database.close());

  it('gets its tables once, however often and by however many it is migrated', async () => {
    await Promise.all([migrate(database), migrate(database), migrate(database)]);
    await migrate(database);
    expect(await tablesOf(database)).toEqual(TABLES);
    expect(await database.query('SELECT name FROM burnbag_migrations')).toEqual([
      { name: '0001-audit' },
      { name: '0002-admin' },
      { name: '0003-audit-set-aside' },
    ]);
  });

  it('names its trail once', async () => {
    await nameTrail(database);
    const first = await database.query('SELECT trail_id FROM audit_trail');
    await nameTrail(database);
    expect(first).toEqual([{ trail_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    expect(await database.query('SELECT trail_id FROM audit_trail')).toEqual(first);
  });

  it('gives back what it was given, in the same types', async () => {
    const when = new Date('2026-02-03T04:05:06.789Z');
    const params = [
      Number.MAX_SAFE_INTEGER,
      -3,
      'a "b" \\ \n é 🔥',
      true,
      when,
      Buffer.from([0, 255, 92]),
      '{"b": [1, null]}',
      null,
    ];
    const sql = `SELECT $1::int8 AS int8, $2::int2 AS int2, $3::text AS text, $4::bool AS bool, $5::timestamptz AS at,
      $6::bytea AS bytes, $7::jsonb AS json, $8::text AS nothing, 12::numeric AS number, sum(3::int8) AS sum`;
    const [row] = await database.query(sql, params);
    expect(row).toStrictEqual({
      int8: Number.MAX_SAFE_INTEGER,
      int2: -3,
      text: 'a "b" \\ \n é 🔥',
      bool: true,
      at: when,
      bytes: Buffer.from([0, 255, 92]),
      json: { b: [1, null] },
      nothing: null,
      number: 12,
      sum: 3,
    });
    expect(Buffer.isBuffer(row?.['bytes'])).toBe(true);
  });

  it('takes arrays, with nulls, quotes and what looks like a null', async () => {
    const texts = ['plain', null, 'NULL', '', 'a,"b"\\{c}', ' '];
    const rows = await database.query<{ n: number; t: string | null; b: Buffer; f: boolean }>(
      `SELECT n, t, decode(h, 'hex') AS b, f FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bool[]) AS u(n, t, h, f)`,
      [
        [1, 2, 3, 4, 5, 2 ** 52],
        texts,
        ['', '00ff', 'a1', 'b2', 'c3', 'd4'],
        [true, false, true, false, true, false],
      ],
    );
    expect(rows.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 2 ** 52]);
    expect(rows.map(({ t }) => t)).toEqual(texts);
    expect(rows[1]?.b).toEqual(Buffer.from([0, 255]));
    expect(rows.map(({ f }) => f)).toEqual([true, false, true, false, true, false]);
    expect(await database.query('SELECT * FROM unnest($1::text[])', [[]])).toEqual([]);
  });

  it('takes many rows at once, exactly as they are, or none of them', async () => {
    const at = Date.parse('1969-12-31T23:59:59.999Z');
    const texts = ['plain', 'a\tb\n\\N "é" 🔥', '', 'x'.repeat(200_000)];
    const rowsFrom = (first: number) => {
      const rows = new CopyRows(9);
      texts.forEach((text, n) => {
        rows
          .row()
          .int8(first + n)
          .int2(1 - n)
          .text(text)
          .text(null)
          .bool(n % 2 === 1)
          .timestamptz(at + n);
        rows
          .jsonb(`{"n": ${n}, "é": "\\u0001"}`)
          .bytea(Buffer.from([0, 255, n]))
          .bytea(Buffer.alloc(0));
      });
      return rows.finish();
    };
    const columns = 'copied (big, small, text, nothing, flag, at, json, bytes, empty)';
    const first = Number.MAX_SAFE_INTEGER - 100;
    await database.transaction(async ({ query, copy }) => {
      await query(`CREATE TABLE copied (big bigint PRIMARY KEY, small smallint, text text, nothing text, flag boolean,
        at timestamptz, json jsonb, bytes bytea, empty bytea)`);
      await copy(columns, rowsFrom(first));
      await copy(columns, new CopyRows(9).finish());
    });
    const stored = await database.query('SELECT * FROM copied ORDER BY big');
    expect(stored).toStrictEqual(
      texts.map((text, n) => ({
        big: first + n,
        small: 1 - n,
        text,
        nothing: null,
        flag: n % 2 === 1,
        at: new Date(at + n),
        json: { n, é: '\u0001' },
        bytes: Buffer.from([0, 255, n]),
        empty: Buffer.alloc(0),
      })),
    );
    const again = failure(database.transaction(({ copy }) => copy(columns, rowsFrom(first - 3))));
    expect(await again).toMatchObject({ name: 'StatementError', code: '23505' });
    const wrong = failure(database.transaction(({ copy }) => copy(columns, Buffer.from('no rows at all'))));
    expect(await wrong).toMatchObject({ name: 'StatementError', code: '22P04' });
    expect(await database.query('SELECT count(*) AS n FROM copied')).toEqual([{ n: texts.length }]);
    await database.query('DROP TABLE copied');
  });

  it('refuses to round a number that is too big', async () => {
    await expect(database.query('SELECT 9007199254740993::int8')).rejects.toThrow(RangeError);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says why it refuses a statement, with the code of PostgreSQL', async () => {
    const error = await failure(database.query('SELECT 1 / $1::int', [0]));
    expect(error).toBeInstanceOf(StatementError);
    expect(error).toMatchObject({ code: '22012', message: 'division by zero' });
  });

  it('takes a transaction back when it throws', async () => {
    const insert = `INSERT INTO audit_hours VALUES (now(), 1, 'viewed', 1)`;
    const purpose = new Error('on purpose');
    const failed = database.transaction(async (queries) => {
      await queries.query(insert);
      expect(await queries.query('SELECT events FROM audit_hours')).toHaveLength(1);
      throw purpose;
    });
    await expect(failed).rejects.toBe(purpose);
    expect(await database.query('SELECT events FROM audit_hours')).toEqual([]);
    await expect(database.transaction(({ query }) => query('SELECT nonsense'))).rejects.toThrow(
      StatementError,
    );
    await database.transaction(async (queries) => void (await queries.query(insert)));
    expect(await database.query('SELECT events FROM audit_hours')).toEqual([{ events: 1 }]);
  });

  it('refuses tables of a newer Burnbag', async () => {
    const newer = await openDatabase(await engine.fresh());
    try {
      await migrate(newer);
      await newer.query(`INSERT INTO burnbag_migrations VALUES ('9999-future', now()::text)`);
      const error = await failure(migrate(newer));
      expect(error).toBeInstanceOf(DatabaseUnfitError);
      expect(String(error)).toContain('9999-future');
    } finally {
      await newer.close();
    }
  });
});

describe('a PostgreSQL server', () => {
  it('is migrated once by several processes at a time', async () => {
    const server = await startPostgres();
    const databases = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url: server.url })));
    await Promise.all(databases.map((each) => migrate(each).then(() => nameTrail(each))));
    expect(await databases[0]?.query('SELECT count(*) AS trails FROM audit_trail')).toEqual([{ trails: 1 }]);
    await Promise.all(databases.map((each) => each.close()));
  });

  it('may go and come back: what it is asked meanwhile fails as away', async () => {
    const server = await startPostgres();
    const database = await openDatabase({ url: server.url });
    const inside = database.transaction(async (queries) => {
      await queries.query('SELECT 1');
      await server.kill9();
      // The process that serves a connection outlives its server for a moment.
      for (;;) await queries.query('SELECT 2');
    });
    await expect(inside).rejects.toBeInstanceOf(DatabaseAwayError);
    await expect(database.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseAwayError);
    await expect(openDatabase({ url: server.url })).rejects.toBeInstanceOf(DatabaseAwayError);
    await server.restart();
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await database.close();
  });

  it('is refused permanently when an operator must act first', async () => {
    const server = await startPostgres();
    const url = new URL(server.url);
    url.username = LOCKED_ROLE.name;
    for (const [change, message] of [
      [() => (url.password = 'wrong'), 'password authentication failed'],
      [() => (url.password = ''), 'password'],
      [
        () => ([url.password, url.pathname] = [LOCKED_ROLE.password, '/nowhere']),
        'database "nowhere" does not exist',
      ],
      [() => (url.search = '?sslmode=require'), 'SSL'],
    ] as const) {
      change();
      const error = await failure(openDatabase({ url: url.href }));
      expect(error).toBeInstanceOf(DatabaseUnfitError);
      expect(String(error)).toContain(message);
      expect(String(error)).not.toMatch(/wrong|right/);
    }
  });
});

describe('the embedded database', () => {
  it('belongs to one process; another one may look, through its door, and change nothing', async () => {
    const dataDir = freshDataDir();
    const owner = await openDatabase({ dataDir });
    await migrate(owner);
    expect(statSync(join(dataDir, 'pg')).mode & 0o777).toBe(0o700);
    const refused = await failure(openDatabase({ dataDir }));
    expect(refused).toBeInstanceOf(DatabaseUnfitError);
    expect(String(refused)).toContain('another Burnbag is running on DATA_DIR');

    const guest = await openDatabase({ dataDir }, { door: true });
    const at = new Date(1_234_567_890_123);
    const sql =
      'SELECT $1::timestamptz AS at, $2::bytea AS bytes, $3::jsonb AS json, $4::text AS text, NULL AS nothing';
    const params = [at, Buffer.from('\0ÿ'), '{"a": [1, "x"]}', 'line\nbreak'];
    const both = await Promise.all([guest, owner].map((each) => each.query(sql, params)));
    expect(both[0]).toStrictEqual(both[1]);
    expect(both[0]?.[0]?.['at']).toEqual(at);
    const change = await failure(guest.query('INSERT INTO audit_trail DEFAULT VALUES'));
    expect(change).toMatchObject({ name: 'StatementError', code: '25006' });
    await expect(guest.query('nonsense')).rejects.toBeInstanceOf(StatementError);
    expect(await owner.query('SELECT * FROM audit_trail')).toEqual([]);

    await owner.close();
    await expect(guest.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseAwayError);
    await guest.close();
    const next = await openDatabase({ dataDir });
    expect(await tablesOf(next)).toEqual(TABLES);
    await next.close();
  });

  it('keeps what was committed when its process is killed', async () => {
    const dataDir = freshDataDir();
    const { signal, stderr } = runBuilt(
      dataDir,
      `await database.query('CREATE TABLE kept (n int)');
       await database.query('INSERT INTO kept VALUES (7)');
       process.kill(process.pid, 'SIGKILL');`,
    );
    expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
    const database = await openDatabase({ dataDir });
    expect(await database.query('SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await database.close();
  });

  it('has the disk confirm each commit', () => {
    const { stdout } = runBuilt(
      freshDataDir(),
      `await database.query('CREATE TABLE kept (n int)');
       const before = syncs;
       for (let n = 0; n < 10; n++) await database.query('INSERT INTO kept VALUES ($1)', [n]);
       console.log(syncs - before);
       await database.close();`,
    );
    expect(Number(stdout)).toBeGreaterThanOrEqual(10);
  });

  it('says which folder it cannot open', async () => {
    const dataDir = freshDataDir();
    mkdirSync(join(dataDir, 'pg', 'data'), { recursive: true });
    writeFileSync(join(dataDir, 'pg', 'data', 'PG_VERSION'), '9\n');
    const error = await failure(openDatabase({ dataDir }));
    expect(error).toBeInstanceOf(DatabaseUnfitError);
    expect(String(error)).toContain(join(dataDir, 'pg'));
  });
});

/** Where the built app is, whose compiled files threads and processes of their own run. */
function builtUrl(): URL {
  const main = process.env['BB_MAIN'];
  return main === undefined ? new URL('../../dist/main.js', import.meta.url) : new URL(`file://${main}`);
}

/** Runs the built code in a process of its own, with `database` open on dataDir and `syncs` counting fsync calls. */
function runBuilt(dataDir: string, code: string): SpawnSyncReturns<string> {
  const script = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let syncs = 0;
    const { fsyncSync } = fs;
    fs.fsyncSync = (file) => { syncs += 1; fsyncSync(file); };
    syncBuiltinESMExports();
    const { openDatabase } = await import('${new URL('./database/open-database.js', builtUrl()).href}');
    const database = await openDatabase({ dataDir: process.argv[1] });
    ${code}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, dataDir], { encoding: 'utf8' });
}
