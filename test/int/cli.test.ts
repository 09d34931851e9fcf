import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { AuditKeys } from '../../src/audit/chain/audit-keys.js';
import { encodeHead } from '../../src/audit/chain/chain-encoding.js';
import { parseKeyring } from '../../src/crypto/keyring/keyring.spec-format.js';
import type { Database } from '../../src/database/database.port.js';
import { migrate } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open-database.js';
import { findRedisBinary } from '../../src/redis/embedded/find-redis-binary.js';
import { outboxKeys } from '../../src/redis/redis-keys.js';
import { startApp } from '../support/app-process.js';
import { databaseMatrix, freshDataDir } from '../support/database-matrix.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { cli, type CliAnswer } from './kit/cli.js';
import { newKeys, until } from './kit/portal.js';
import { append, auditEvent, fillTrail } from './kit/trail.js';

const verify = (env: Readonly<Record<string, string>>) => cli(['audit', 'verify'], env);

describe('the command line', () => {
  it.each([
    [['--help'], 0, /audit verify/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n?$/],
    [['audit', 'verify', '--help'], 0, /intact/],
    [[], 2, /Usage/],
    [['audit'], 2, /no command "audit"/],
    [['audit', 'verify', 'all'], 2, /all/],
    [['audit', 'verify', '--fast'], 2, /--fast/],
  ] as const)('answers %j with exit code %d', async (args, code, said) => {
    const answer = await cli(args);
    expect(answer.code).toBe(code);
    expect(code === 0 ? answer.out : answer.err).toMatch(said);
    expect(code === 0 ? answer.err : answer.out).toBe('');
  });

  it('says what is wrong with the configuration', async () => {
    const answer = await verify({ PORT: 'none', DATA_DIR: freshDataDir() });
    expect(answer).toMatchObject({ code: 2, out: '', err: expect.stringContaining('PORT') });
  });

  it('makes no trail where there is none', async () => {
    const dataDir = freshDataDir();
    const answer = await verify({ DATA_DIR: dataDir, BURNBAG_KEYS: newKeys() });
    expect(answer).toMatchObject({ code: 3, out: '', err: expect.stringContaining('no audit trail') });
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

describe('audit verify on servers', () => {
  let redis: TestRedis;
  let db: Redis;
  let database: Database;
  let env: Record<string, string>;
  let keys: AuditKeys;

  beforeAll(async () => {
    redis = await startRedis();
    db = new Redis(redis.url);
    const [postgres] = databaseMatrix();
    const target = await postgres?.fresh();
    if (!target || !('url' in target)) throw new Error('no PostgreSQL');
    database = await openDatabase(target);
    await migrate(database);
    const spec = newKeys();
    keys = new AuditKeys(parseKeyring(spec));
    env = { DATABASE_URL: target.url, REDIS_URL: redis.url, BURNBAG_KEYS: spec };
    for (const [bucket, head] of await fillTrail(database, keys, 80))
      await db.set(outboxKeys(bucket).head, encodeHead(head));
  });
  afterAll(async () => {
    db.disconnect();
    await database.close();
  });

  it('counts the events of a trail that is intact', async () => {
    expect(await verify(env)).toEqual({ code: 0, out: '1,280 events, intact\n', err: '' });
  });

  it('names what was changed', async () => {
    await database.query("UPDATE audit_events SET action = 'viewed' WHERE bucket = 7 AND sequence = 40");
    const answer = await verify(env);
    expect(answer).toMatchObject({ code: 1, err: '' });
    expect(answer.out).toMatch(
      /^changed: bucket 7, sequence 40 \(ref [0-9a-f]{32}, 2026-\S+, stream \S+\): .*\.\n$/,
    );
    await database.query(
      `UPDATE audit_events SET action = '${auditEvent(7, 40).action}' WHERE bucket = 7 AND sequence = 40`,
    );
    expect((await verify(env)).code).toBe(0);
  });

  it('tells an older copy by what Redis keeps, and says so when Redis is away', async () => {
    const head = await append(database, keys, [auditEvent(9, 81)]);
    await db.set(outboxKeys(9).head, encodeHead({ ...head, sequence: 90 }));
    expect(await verify(env)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^head changed: bucket 9/),
    });
    await db.set(outboxKeys(9).head, 'what is this');
    expect(await verify(env)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^head changed: bucket 9/),
    });
    await db.set(outboxKeys(9).head, encodeHead(head));
    expect(await verify(env)).toMatchObject({ code: 0, err: '' });
    const away = await verify({ ...env, REDIS_URL: 'redis://127.0.0.1:1' });
    expect(away).toEqual({
      code: 0,
      out: '1,281 events, intact\n',
      err: expect.stringContaining('Redis cannot be reached'),
    });
  });

  it('does not call a database that is away broken', async () => {
    const answer = await verify({ ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(answer).toMatchObject({ code: 3, out: '' });
    expect(answer.err).not.toMatch(/^ +at /m);
  });

  it('names a key that it was not given', async () => {
    const answer = await verify({ ...env, BURNBAG_KEYS: `2:${newKeys().slice(2)}` });
    expect(answer).toMatchObject({ code: 1, out: expect.stringMatching(/^key unknown: /) });
  });
});

describe('audit verify on a DATA_DIR', () => {
  it('asks the running portal, and the folder when it has stopped', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-cli-'));
    const env = { DATA_DIR: dataDir, REDIS_SERVER_BIN: findRedisBinary(process.env) };
    try {
      const app = await startApp({ dataDir });
      for (let n = 0; n < 3; n += 1) {
        const body = JSON.stringify({ content: 'x' });
        const headers = { 'content-type': 'application/json' };
        expect((await fetch(`${app.url}/api/v1/secrets`, { method: 'POST', headers, body })).status).toBe(
          201,
        );
      }
      const expected = { code: 0, out: '3 events, intact\n', err: '' };
      let answer: CliAnswer | undefined;
      await until(async () => {
        answer = await verify(env);
        return answer.out === expected.out || answer.code !== 0;
      });
      expect(answer).toEqual(expected);
      expect(await app.stop()).toBe(0);
      expect(await verify(env)).toEqual(expected);
      // And nothing of it stands in the way of the next start.
      expect(await (await startApp({ dataDir })).stop()).toBe(0);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
