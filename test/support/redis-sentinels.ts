import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { findRedisBinary } from '../../src/redis/embedded/find-redis-binary.js';
import { freePort } from './free-port.js';
import { endAfterTests } from './leftovers.js';
import { sendCommand, startRedis, type TestRedis } from './redis-server.js';
import { replicationLine, type ReplicationLine } from './replication-line.js';

const SETTLE_MS = 90_000;
const SENTINELS = 3;
/**
 * How long sentinels hear nothing before they hold a master for dead: longer than one that lives is silent for on a busy
 * machine, until a failover is wanted.
 */
const PATIENCE_MS = { usually: 60_000, wanted: 1_000 };
const MASTER = 'portal';

/** A real master with replicas, watched by three real sentinels; its replicas hear it over lines that can be frozen. */
export interface TestSentinels {
  /** What REDIS_MODE, REDIS_URLS and REDIS_SENTINEL_MASTER say. */
  readonly env: Readonly<Record<string, string>>;
  readonly master: TestRedis;
  readonly replicas: readonly TestRedis[];
  /** Between the master and all other processes. */
  readonly line: ReplicationLine;
  /** Kills one of the sentinels. @param at 0 to 2 */
  killSentinel(at: number): Promise<void>;
  /** The port of the master that most sentinels name. */
  named(): Promise<number>;
  /** Resolves when the sentinels name another server than the first master, and it is a master. */
  failedOver(): Promise<TestRedis>;
}

async function patiently(what: string, condition: () => Promise<boolean>): Promise<void> {
  const since = Date.now();
  while (!(await condition().catch(() => false))) {
    if (Date.now() - since > SETTLE_MS) throw new Error(`timed out: ${what}`);
    await delay(50);
  }
}

const portOf = ({ url }: TestRedis): number => Number(new URL(url).port);

interface Sentinel {
  readonly url: string;
  kill9(): Promise<void>;
}

/** @param masterPort port at which the master is reached */
async function startSentinel(masterPort: number, quorum: number): Promise<Sentinel> {
  const dir = mkdtempSync(join(tmpdir(), 'burnbag-sentinel-'));
  const port = await freePort();
  const config = join(dir, 'sentinel.conf');
  writeFileSync(
    config,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${dir}`,
      `sentinel monitor ${MASTER} 127.0.0.1 ${masterPort} ${quorum}`,
      `sentinel down-after-milliseconds ${MASTER} ${PATIENCE_MS.usually}`,
      `sentinel failover-timeout ${MASTER} 10000`,
    ].join('\n'),
  );
  const child = spawn(findRedisBinary(process.env), [config, '--sentinel'], { stdio: 'ignore' });
  const kill9 = async (): Promise<void> => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  endAfterTests(async () => {
    await kill9();
    rmSync(dir, { recursive: true, force: true });
  });
  const url = `redis://127.0.0.1:${port}`;
  await patiently('a sentinel answers', async () => (await sendCommand(url, ['PING'])) === 'PONG');
  return { url, kill9 };
}

async function allAgree(sentinels: readonly string[], replicas: number): Promise<boolean> {
  const known = await Promise.all(sentinels.map((url) => sendCommand(url, ['INFO', 'sentinel'])));
  return known.every((info) => info.includes(`status=ok`) && info.includes(`slaves=${replicas},sentinels=3`));
}

/** @param count replicas @throws when they do not find together */
export async function startSentinels(count = 2): Promise<TestSentinels> {
  const [master, ...replicas] = await Promise.all(Array.from({ length: count + 1 }, () => startRedis()));
  if (!master) throw new Error('sentinels watch a master');
  const line = await replicationLine(portOf(master));
  for (const replica of replicas) {
    await replica.cli('CONFIG', 'SET', 'repl-diskless-sync-delay', '0');
    // Sentinels compare how far replicas are by what they heard seconds ago; this decides at once for the last one.
    if (replica === replicas.at(-1)) await replica.cli('CONFIG', 'SET', 'replica-priority', '1');
    await replica.cli('REPLICAOF', '127.0.0.1', String(line.port));
  }
  const online = async () => [...(await master.cli('INFO', 'replication')).matchAll(/state=online/g)].length;
  await patiently('the replicas are online', async () => (await online()) === count);
  const starting = Array.from({ length: SENTINELS }, () => startSentinel(line.port, 2));
  const started = await Promise.all(starting);
  const sentinels = started.map(({ url }) => url);
  await patiently('the sentinels know each other', () => allAgree(sentinels, count));

  const named = async (): Promise<number> => {
    const asked = sentinels.map((url) => sendCommand(url, ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER]));
    const ports = (await Promise.all(asked)).map((reply) => Number(reply.split('\n')[1]));
    return ports.toSorted((a, b) => a - b)[1] ?? 0;
  };
  const wait = async (ms: number): Promise<void> => {
    const patience = ['SENTINEL', 'SET', MASTER, 'down-after-milliseconds', String(ms)];
    await Promise.all(sentinels.map((url) => sendCommand(url, patience)));
  };
  const failedOver = async (): Promise<TestRedis> => {
    await wait(PATIENCE_MS.wanted);
    let chosen: TestRedis | undefined;
    await patiently('another server is the master', async () => {
      const port = await named();
      chosen = replicas.find((each) => portOf(each) === port);
      return (await chosen?.cli('INFO', 'replication'))?.includes('role:master') === true;
    });
    if (!chosen) throw new Error('no server was chosen');
    await wait(PATIENCE_MS.usually);
    return chosen;
  };
  const env = { REDIS_MODE: 'sentinel', REDIS_URLS: sentinels.join(','), REDIS_SENTINEL_MASTER: MASTER };
  const killSentinel = async (at: number): Promise<void> => started[at]?.kill9();
  return { env, master, replicas, line, killSentinel, named, failedOver };
}
