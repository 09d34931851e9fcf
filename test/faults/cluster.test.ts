import { expect, it } from '@jest/globals';
import { Command } from 'ioredis';

import { Client } from '../int/kit/client.js';
import { newKeys, until } from '../int/kit/portal.js';
import { outboxKeys } from '../../src/redis/redis-keys.js';
import { startApp } from '../support/app-process.js';
import { endAfterTests } from '../support/leftovers.js';
import { createOwnDatabase } from '../support/own-database.js';
import { startCluster, type ClusterServer, type TestCluster } from '../support/redis-cluster.js';
import { OpeningLoad } from './kit/opening-load.js';

/** More of everything to see it at its full size. */
const STRETCH = Number(process.env['BB_FAILOVER_SECRETS'] ?? 60);
const WORKERS = Number(process.env['BB_FAILOVER_WORKERS'] ?? 8);
const APPS = 2;
const FLUSH_MS = 20;
const TEST_MS = 400_000;

const slotOf = (bucket: number): number => new Command('get', [outboxKeys(bucket).outbox]).getSlot();

async function flushScripts(cluster: TestCluster, load: OpeningLoad): Promise<void> {
  const running = cluster.servers.filter(({ redis }) => redis.pid !== undefined);
  const flushing = setInterval(() => {
    for (const { redis } of running) void redis.cli('SCRIPT', 'FLUSH').catch(() => undefined);
  }, FLUSH_MS);
  await load.progress(STRETCH).finally(() => clearInterval(flushing));
}

/** The servers hear of a new master one after the other. */
function heardOf(
  cluster: TestCluster,
  bucket: number,
  is: (master: ClusterServer) => boolean,
): Promise<void> {
  return until(async () => is(await cluster.masterOf(slotOf(bucket))));
}

/** From the master that has it to another one, with all its keys. */
async function moveBucket(cluster: TestCluster, bucket: number): Promise<void> {
  const from = await cluster.masterOf(slotOf(bucket));
  const masters = await Promise.all(cluster.servers.map((_, at) => cluster.masterOf(slotOf(at))));
  const to = masters.find(({ id }) => id !== from.id);
  if (!to) throw new Error('the buckets are all on one master');
  await cluster.moveSlot(slotOf(bucket), to);
  await heardOf(cluster, bucket, (master) => master === to);
}

async function killMaster(cluster: TestCluster, load: OpeningLoad): Promise<ClusterServer> {
  const dead = await cluster.masterOf(slotOf(0));
  await dead.redis.kill9();
  await heardOf(cluster, 0, (master) => master !== dead);
  await cluster.settled();
  // Its heir has no replica of its own now: the others go on, and with the dead one back it does, too.
  await dead.redis.restart();
  await cluster.settled(1);
  await load.progress(STRETCH);
  return dead;
}

it(
  'opens nothing twice and loses nothing while scripts are lost, slots move and a master dies',
  async () => {
    const [cluster, database] = await Promise.all([startCluster({ replicas: 1 }), createOwnDatabase()]);
    const place = { REDIS_MODE: 'cluster', REDIS_URLS: cluster.urls, BURN_QUORUM: '1' };
    const env = { ...place, BURNBAG_KEYS: newKeys(), DATABASE_URL: database.url, CLAIM_LEASE_SECONDS: '600' };
    const apps = await Promise.all(Array.from({ length: APPS }, () => startApp({ env })));
    const clients = apps.map(({ url }) => new Client(url));
    endAfterTests(async () => clients.forEach((client) => client.close()));
    const load = new OpeningLoad(clients, WORKERS);
    await load.progress(STRETCH);

    await flushScripts(cluster, load);
    expect([...load.statuses.keys()].toSorted()).toEqual([200, 201, 410]);
    for (const bucket of [1, 2, 3]) await moveBucket(cluster, bucket);
    await load.progress(STRETCH);
    await killMaster(cluster, load);
    await load.end();

    const watched = [...load.opened, ...load.kept];
    expect(watched.filter(({ shownTo }) => shownTo.size !== 1)).toEqual([]);
    expect([200, 201, 410, 503]).toEqual(expect.arrayContaining([...load.statuses.keys()]));
    const faults = apps
      .flatMap((app) => app.output().split('\n'))
      .filter((line) => /"level":"(error|fatal)"/.test(line));
    expect(faults).toEqual([]);
    process.stdout.write(
      `${watched.length} secrets, answers ${JSON.stringify([...load.statuses])}, ${load.withheld} withheld\n`,
    );
    await Promise.all(apps.map((app) => app.stop()));
  },
  TEST_MS,
);
