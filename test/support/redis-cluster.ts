import { setTimeout as delay } from 'node:timers/promises';

import { freePort } from './free-port.js';
import { startRedis, type TestRedis } from './redis-server.js';

const SLOTS = 16_384;
const SETTLE_MS = 60_000;
const START_TRIES = 5;

/** A real server of the cluster. */
export interface ClusterServer {
  readonly redis: TestRedis;
  readonly port: number;
  readonly busPort: number;
  readonly id: string;
}

/** A real Redis Cluster of one test file, on loopback ports of its own. */
export interface TestCluster {
  /** What REDIS_URLS says. */
  readonly urls: string;
  readonly servers: readonly ClusterServer[];
  /** The server that is the master of a slot now, as a live server sees it. */
  masterOf(slot: number): Promise<ClusterServer>;
  /** Moves a slot with all its keys, as `redis-cli --cluster reshard` does. */
  moveSlot(slot: number, to: ClusterServer): Promise<void>;
  /** Resolves when every server that runs says that all slots are served and every master has its replicas. */
  settled(replicas?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** Of each of the three masters. @default 0 */
  readonly replicas?: number;
  readonly config?: Readonly<Record<string, string>>;
}

const CONFIG = {
  'cluster-enabled': 'yes',
  'cluster-config-file': 'nodes.conf',
  // Long enough that a server that stalls for a moment is kept, short enough for a test.
  'cluster-node-timeout': '5000',
  'cluster-replica-validity-factor': '0',
  'repl-diskless-sync-delay': '0',
};

async function patiently(what: string, condition: () => Promise<boolean>): Promise<void> {
  const since = Date.now();
  while (!(await condition().catch(() => false))) {
    if (Date.now() - since > SETTLE_MS) throw new Error(`the cluster has not settled: ${what}`);
    await delay(50);
  }
}

async function startServer(config: Readonly<Record<string, string>>): Promise<ClusterServer> {
  for (let tries = 1; ; tries += 1) {
    // By default it is the port and 10,000 more, which may be none; this one may be taken by the time it is used.
    const busPort = await freePort();
    try {
      const redis = await startRedis({ config: { ...CONFIG, 'cluster-port': String(busPort), ...config } });
      const id = (await redis.cli('CLUSTER', 'MYID')).trim();
      return { redis, port: Number(new URL(redis.url).port), busPort, id };
    } catch (error) {
      if (tries === START_TRIES) throw error;
    }
  }
}

class Cluster implements TestCluster {
  constructor(readonly servers: readonly ClusterServer[]) {}

  get urls(): string {
    return this.servers.map(({ redis }) => redis.url).join(',');
  }

  async masterOf(slot: number): Promise<ClusterServer> {
    for (const { redis } of this.running()) {
      const lines = (await redis.cli('CLUSTER', 'SLOTS').catch(() => '')).split('\n');
      for (let at = 0; at + 3 < lines.length; at += 1) {
        const [first, last, , port] = lines.slice(at, at + 4);
        const found = this.servers.find((each) => String(each.port) === port);
        const isRange =
          /^\d+$/.test(first ?? '') && /^\d+$/.test(last ?? '') && lines[at + 2] === '127.0.0.1';
        if (isRange && found && Number(first) <= slot && slot <= Number(last)) return found;
      }
    }
    throw new Error(`no server has slot ${slot}`);
  }

  async moveSlot(slot: number, to: ClusterServer): Promise<void> {
    const from = await this.masterOf(slot);
    await to.redis.cli('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', from.id);
    await from.redis.cli('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', to.id);
    for (;;) {
      const keys = (await from.redis.cli('CLUSTER', 'GETKEYSINSLOT', String(slot), '50')).split('\n');
      if (keys[0] === '') break;
      await from.redis.cli('MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys);
    }
    for (const { redis } of [to, from]) await redis.cli('CLUSTER', 'SETSLOT', String(slot), 'NODE', to.id);
  }

  async settled(replicas = 0): Promise<void> {
    await patiently('cluster_state', async () => {
      const states = this.running().map(({ redis }) => redis.cli('CLUSTER', 'INFO'));
      return (await Promise.all(states)).every((info) => info.includes('cluster_state:ok'));
    });
    await patiently('replicas', async () => {
      const infos = await Promise.all(this.running().map(({ redis }) => redis.cli('INFO', 'replication')));
      const masters = infos.filter((info) => info.includes('role:master'));
      const online = (info: string) => [...info.matchAll(/state=online/g)].length;
      return masters.length === 3 && masters.every((info) => online(info) >= replicas);
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map(({ redis }) => redis.stop()));
  }

  private running(): ClusterServer[] {
    return this.servers.filter(({ redis }) => redis.pid !== undefined);
  }
}

/** Three masters, which share the slots, each with `replicas` replicas. @throws when they do not find together */
export async function startCluster({ replicas = 0, config = {} }: ClusterOptions = {}): Promise<TestCluster> {
  const servers = await Promise.all(Array.from({ length: 3 * (1 + replicas) }, () => startServer(config)));
  const [first] = servers;
  if (!first) throw new Error('a cluster has servers');
  const masters = servers.slice(0, 3);
  for (const [at, { redis }] of masters.entries()) {
    await redis.cli('CLUSTER', 'SET-CONFIG-EPOCH', String(at + 1));
    const range = [Math.floor((SLOTS * at) / 3), Math.floor((SLOTS * (at + 1)) / 3) - 1].map(String);
    await redis.cli('CLUSTER', 'ADDSLOTSRANGE', ...range);
  }
  for (const { redis } of servers.slice(1))
    await redis.cli('CLUSTER', 'MEET', '127.0.0.1', String(first.port), String(first.busPort));
  const cluster = new Cluster(servers);
  await patiently('every node knows all others', async () => {
    const known = await Promise.all(servers.map(({ redis }) => redis.cli('CLUSTER', 'INFO')));
    return known.every((info) => info.includes(`cluster_known_nodes:${servers.length}`));
  });
  for (const [at, { redis }] of servers.slice(3).entries()) {
    const master = masters[at % 3];
    await patiently('a replica has its master', async () => {
      return (await redis.cli('CLUSTER', 'REPLICATE', master?.id ?? '')) === 'OK';
    });
  }
  await cluster.settled(replicas);
  return cluster;
}
