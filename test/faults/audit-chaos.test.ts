import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { AuditKeys } from '../../src/audit/audit-keys.js';
import { verifyTrail } from '../../src/audit/audit-verify.js';
import { readKeptHeads } from '../../src/cli/redis-heads.js';
import { loadKeyring } from '../../src/crypto/keyring.loader.js';
import { openDatabase } from '../../src/database/open-database.js';
import { Client } from '../int/kit/client.js';
import { connectTo, newKeys, until } from '../int/kit/portal.js';
import { startApp, type TestApp } from '../support/app-process.js';
import { freePort } from '../support/free-port.js';
import { startPostgres } from '../support/postgres-server.js';
import { startRedis } from '../support/redis-server.js';
import { Aftermath, differences, hoursFrom, keptFrom, secretsFrom } from './kit/aftermath.js';
import { Chance } from './kit/chance.js';
import { LifeJudge, type Row } from './kit/life-judge.js';
import { isUnknown } from './kit/life-log.js';
import { Load } from './kit/load.js';
import { LEASE_MS, LOCK_MS } from './kit/secret-model.js';
import { Trouble, type House } from './kit/trouble.js';

const OPERATIONS = Number(process.env['BB_CHAOS_OPERATIONS'] ?? 100_000);
const SEED = Number(process.env['BB_CHAOS_SEED'] ?? randomInt(2 ** 31));
const APPS = 4;
const CLIENTS = 96;
const MAIN = process.env['BB_MAIN'] ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));

async function openHouse(): Promise<House & { env: { BURNBAG_KEYS: string; DATABASE_URL: string } }> {
  const [redis, postgres, ...ports] = await Promise.all([
    startRedis(),
    startPostgres(),
    ...Array.from({ length: APPS }, () => freePort()),
  ]);
  const env = {
    BURNBAG_KEYS: newKeys(),
    DATABASE_URL: postgres.url,
    CLAIM_LEASE_SECONDS: String(LEASE_MS / 1_000),
    PASSPHRASE_LOCK_SECONDS: String(LOCK_MS / 1_000),
    LOG_LEVEL: 'warn',
  };
  const start = (port: number, dataDir?: string): Promise<TestApp> =>
    startApp({ env, redisUrl: redis.url, port, dataDir });
  const apps = await Promise.all(ports.map((port) => start(port)));
  const again = (place: number): Promise<TestApp> => start(ports[place] ?? 0, apps[place]?.dataDir);
  return { apps, redis, postgres, again, env };
}

/** Each chain without a gap, in the order in which Redis wrote it. */
function chainFaults(rows: readonly Row[]): string[] {
  const parts = (id: string) => id.split('-').map(Number) as [number, number];
  return rows.flatMap((row, index) => {
    const before = rows[index - 1];
    const follows = before?.bucket === row.bucket;
    const [ms, n] = parts(row.streamId);
    const [beforeMs, beforeN] = follows && before ? parts(before.streamId) : [0, 0];
    const inOrder = ms > beforeMs || (ms === beforeMs && n > beforeN);
    const inPlace = row.sequence === (follows && before ? before.sequence + 1 : 1);
    return inOrder && inPlace
      ? []
      : [`bucket ${row.bucket}, sequence ${row.sequence}, stream ${row.streamId}`];
  });
}

it(`records exactly what happened in ${OPERATIONS} operations while apps, PostgreSQL and Redis are killed (seed ${SEED})`, async () => {
  const house = await openHouse();
  const db = connectTo(house.redis);
  const chance = new Chance(SEED);
  const ports = house.apps.map(({ url }) => Number(new URL(url).port));
  const load = new Load(ports, chance.branch(0), OPERATIONS);
  const trouble = new Trouble(house, chance.branch(1));
  const began = performance.now();
  trouble.begin();
  await load.run(CLIENTS);
  const seconds = (performance.now() - began) / 1_000;
  await trouble.end();

  const aftermath = await Aftermath.of(house.postgres.url, db);
  const left = performance.now();
  // Leases end, the last secrets expire and are found.
  await new Promise((resolve) => setTimeout(resolve, LEASE_MS + 1_500));
  await until(async () => (await aftermath.outstanding()) === 0, 60_000);
  const drained = (performance.now() - left) / 1_000;

  const rows = await aftermath.rows();
  expect(chainFaults(rows)).toEqual([]);
  const judge = new LifeJudge(load.tries);
  for (const ofOne of Map.groupBy(rows, ({ ref }) => ref).values()) judge.replay(ofOne);
  judge.judgeAnswers();
  expect(judge.violations).toEqual([]);

  expect(differences(await aftermath.secrets(), secretsFrom(judge.lived))).toEqual([]);
  expect(differences(await aftermath.hours(), hoursFrom(rows))).toEqual([]);
  const [kept, due] = [await aftermath.kept(), keptFrom(judge.lived)];
  expect(differences(kept.records, due.records)).toEqual([]);
  expect(differences(kept.tombstones, due.tombstones)).toEqual([]);

  // The sender of a secret is told the same as the auditor.
  const client = new Client(house.apps[0]?.url ?? '');
  const answered = load.lives.flatMap(({ tries }) => tries.filter((one) => one.status === 201));
  for (const { body } of answered.slice(-200)) {
    const receipt = await client.receipt(String(body['receiptToken']));
    const told = (receipt.body['timeline'] as { action: string; at: string }[]).map(({ action, at }) => ({
      action,
      at,
    }));
    const real = judge.lived
      .get(String(body['ref']))
      ?.rows.map(({ action, at }) => ({ action, at: new Date(at).toISOString() }));
    expect(told).toEqual(real);
  }
  client.close();

  const env = { ...house.env, REDIS_URL: house.redis.url, DATA_DIR: house.apps[0]?.dataDir ?? '' };
  const keyring = loadKeyring({
    keysSpec: env.BURNBAG_KEYS,
    keysFile: undefined,
    dataDir: env.DATA_DIR,
    production: true,
  });
  const { heads } = await readKeptHeads({ url: env.REDIS_URL, serverBinary: undefined }, env.DATA_DIR);
  const database = await openDatabase({ url: env.DATABASE_URL });
  const verdict = await verifyTrail(database, new AuditKeys(keyring), { heads });
  await database.close();
  expect(verdict).toEqual({ events: rows.length });
  const cli = await promisify(execFile)(process.execPath, [join(MAIN, '..', 'cli.js'), 'audit', 'verify'], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...env },
  });
  expect(cli.stdout).toBe(`${rows.length.toLocaleString('en-US')} events, intact\n`);

  const { kills, freezes, failedStarts, databaseOutages, redisOutages, scriptFlushes } = trouble.damage;
  const lost = load.tries.filter(isUnknown).length;
  process.stdout.write(
    `audit-chaos: ${load.answered} operations in ${seconds.toFixed(0)} s, ${judge.lived.size} secrets, ${rows.length} events; ` +
      `${kills} kills and ${freezes} freezes of an app (${failedStarts} starts failed), ${databaseOutages} database and ${redisOutages} Redis outages, ${scriptFlushes} script flushes; ` +
      `${lost} answers lost, ${judge.heardUnanswered} of them heard; outbox empty after ${drained.toFixed(1)} s; seed ${SEED}\n`,
  );
  expect(Math.min(kills, databaseOutages, redisOutages)).toBeGreaterThan(0);
  await aftermath.close();
  db.disconnect();
  await Promise.all(house.apps.map((app) => app.stop()));
}, 280_000);
