import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { AuditKeys } from '../../src/audit/chain/audit-keys.js';
import { verifyTrail, type Verdict } from '../../src/audit/verify/audit-verify.js';
import { readKeptHeads } from '../../src/cli/redis-heads.js';
import { readArea } from '../../src/platform/config/config.reader.js';
import { redisArea } from '../../src/platform/config/sections/redis.config.js';
import { loadKeyring } from '../../src/crypto/keyring/keyring.loader.js';
import { openDatabase } from '../../src/database/open-database.js';
import { Client } from '../int/kit/client.js';
import { connectTo, until } from '../int/kit/portal.js';
import { sizeOf } from '../support/full-run.js';
import { endAfterTests } from '../support/leftovers.js';
import { StoreSnapshot, differences, hoursFrom, keptFrom, secretsFrom } from './kit/store-snapshot.js';
import { SeededRandom } from './kit/seeded-random.js';
import { faultsIn, openHouse, type ChaosHouse } from './kit/chaos-cluster.js';
import { HistoryChecker, type Row } from './kit/history-checker.js';
import { isUnknown } from './kit/life-log.js';
import { Load } from './kit/load.js';
import { LEASE_MS } from './kit/secret-model.js';
import { FaultInjector } from './kit/fault-injector.js';

/** 100,000 are the whole demonstration; a seed to see the same choices again. */
const OPERATIONS = sizeOf('BB_CHAOS_OPERATIONS', { ci: 10_000, full: 30_000 });
const SEED = Number(process.env['BB_CHAOS_SEED'] ?? randomInt(2 ** 31));
const MAIN = process.env['BB_MAIN'] ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const APPS = 4;
const CLIENTS = 96;
const DRAIN_MS = 120_000;
const RECEIPTS = 200;
const TEST_MS = 900_000;

/** Leases end, the last secrets expire and are found, the outbox empties. @throws with what the apps said */
async function settle(cluster: ChaosHouse, aftermath: StoreSnapshot): Promise<void> {
  await delay(LEASE_MS + 1_500);
  await until(async () => (await aftermath.outstanding()) === 0, DRAIN_MS).catch(async (cause: unknown) => {
    const left = `${await aftermath.outstanding()} events or ends of secrets have not arrived`;
    throw new Error([left, ...faultsIn(cluster.everyApp)].join('\n'), { cause });
  });
}

/** Where a chain has a gap, or is in another order than Redis wrote it. */
function chainFaults(rows: readonly Row[]): string[] {
  const parts = (id: string) => id.split('-').map(Number) as [number, number];
  return rows.flatMap((row, index) => {
    const before = rows[index - 1]?.bucket === row.bucket ? rows[index - 1] : undefined;
    const [ms, n] = parts(row.streamId);
    const [beforeMs, beforeN] = parts(before?.streamId ?? '0-0');
    const inOrder = ms > beforeMs || (ms === beforeMs && n > beforeN);
    const inPlace = row.sequence === (before?.sequence ?? 0) + 1;
    return inOrder && inPlace ? [] : [`bucket ${row.bucket}, sequence ${row.sequence}, ${row.streamId}`];
  });
}

/** The tables that are derived from the events, and what Redis still keeps. */
async function tableFaults(
  aftermath: StoreSnapshot,
  judge: HistoryChecker,
  rows: readonly Row[],
): Promise<string[]> {
  const [kept, due] = [await aftermath.kept(), keptFrom(judge.lived)];
  const named = (table: string, found: readonly string[]) => found.map((each) => `${table}: ${each}`);
  return [
    ...named('secrets', differences(await aftermath.secrets(), secretsFrom(judge.lived))),
    ...named('audit_hours', differences(await aftermath.hours(), hoursFrom(rows))),
    ...named('records in Redis', differences(kept.records, due.records)),
    ...named('tombstones in Redis', differences(kept.tombstones, due.tombstones)),
  ];
}

/** The senders of the last secrets are told what the rows say. */
async function expectReceipts(cluster: ChaosHouse, load: Load, judge: HistoryChecker): Promise<void> {
  const client = new Client(cluster.apps[0]?.url ?? '');
  const created = load.tries.filter(({ status }) => status === 201).slice(-RECEIPTS);
  for (const { body } of created) {
    const { body: receipt } = await client.receipt(String(body['receiptToken']));
    const rows = judge.lived.get(String(body['ref']))?.rows ?? [];
    expect(receipt).toMatchObject({
      timelineComplete: true,
      timeline: rows.map(({ action, at }) => ({ action, at: new Date(at).toISOString() })),
    });
  }
  client.close();
}

async function verify({ env }: ChaosHouse): Promise<Verdict> {
  const { BURNBAG_KEYS: keysSpec, DATABASE_URL: url, REDIS_URL, DATA_DIR: dataDir } = env;
  const keyring = await loadKeyring({ keysSpec, keysFile: undefined, dataDir, production: true });
  const { heads } = await readKeptHeads(readArea(redisArea, { REDIS_URL }, []), dataDir);
  expect(heads.size).toBe(16);
  const database = await openDatabase({ url });
  const verdict = await verifyTrail(database, new AuditKeys(keyring), { heads });
  await database.close();
  return verdict;
}

async function verifyByCommand({ env }: ChaosHouse): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(MAIN, '..', 'cli.js'), 'audit', 'verify'],
    { cwd: tmpdir(), env: { PATH: process.env['PATH'], ...env } },
  );
  return stdout.trim();
}

function report(
  load: Load,
  { damage }: FaultInjector,
  judge: HistoryChecker,
  events: number,
  seconds: number,
): string {
  const { kills, freezes, failedStarts, databaseOutages, redisOutages, scriptFlushes } = damage;
  const lost = load.tries.filter(isUnknown).length;
  return [
    `audit-chaos, seed ${SEED}: ${load.answered} operations in ${seconds.toFixed(0)} s`,
    `${judge.lived.size} secrets, ${events} events`,
    `${kills} kills and ${freezes} freezes of an app, ${failedStarts} failed starts`,
    `${databaseOutages} outages of PostgreSQL, ${redisOutages} of Redis, ${scriptFlushes} script flushes`,
    `${lost} answers lost, of which ${judge.heardUnanswered} had happened`,
  ].join('; ');
}

// The seed is part of the name, so that a failure tells it.
it(
  `records exactly what happened in ${OPERATIONS} operations during kills and outages (seed ${SEED})`,
  async () => {
    const cluster = await openHouse(APPS);
    const db = connectTo(cluster.redis);
    endAfterTests(async () => db.disconnect());
    const random = new SeededRandom(SEED);
    const ports = cluster.apps.map(({ url }) => Number(new URL(url).port));
    const load = new Load(ports, random.branch(0), OPERATIONS);
    const trouble = new FaultInjector(cluster, random.branch(1));

    const began = performance.now();
    trouble.begin();
    await load.run(CLIENTS).finally(() => trouble.end());
    const seconds = (performance.now() - began) / 1_000;
    const { kills, databaseOutages, redisOutages } = trouble.damage;
    expect(Math.min(kills, databaseOutages, redisOutages)).toBeGreaterThan(0);

    const aftermath = await StoreSnapshot.of(cluster.postgres.url, db);
    endAfterTests(() => aftermath.close());
    await settle(cluster, aftermath);
    const rows = await aftermath.rows();
    const judge = new HistoryChecker(load.tries);
    for (const ofOne of Map.groupBy(rows, ({ ref }) => ref).values()) judge.replay(ofOne);
    judge.judgeAnswers();
    process.stdout.write(`${report(load, trouble, judge, rows.length, seconds)}\n`);

    expect(chainFaults(rows).slice(0, 5)).toEqual([]);
    expect(judge.violations).toEqual([]);
    expect(await tableFaults(aftermath, judge, rows)).toEqual([]);
    await expectReceipts(cluster, load, judge);
    expect(faultsIn(cluster.everyApp)).toEqual([]);
    expect(await verify(cluster)).toEqual({ events: rows.length });
    expect(await verifyByCommand(cluster)).toBe(`${rows.length.toLocaleString('en-US')} events, intact`);
  },
  TEST_MS,
);
