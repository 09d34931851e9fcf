/** Creates and reveals per second of the portal as a share of the floor's, in turn, so that drift hits all alike. */
import { join } from 'node:path';

import { Redis } from 'ioredis';

import { createSecrets, revealSecrets } from './load.mjs';
import { clearOutboxes, drained, requestThreadMs, startRedis, startServer } from './servers.mjs';

const CONNECTIONS = 300;
const CONTENT = 'x'.repeat(100);
const WARM_UP = 8_000;
const OURS = 'RATE_LIMIT=';
const BEFORE = 'before, RATE_LIMIT=';
const UNLIMITED = { RATE_LIMIT_CREATE: '1000000000', RATE_LIMIT_REVEAL: '1000000000' };

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** @returns what `load` says, and the microseconds that each request took of the thread which answers */
async function withCpu({ pid }, amount, load) {
  const before = requestThreadMs(pid);
  const figures = await load();
  return { ...figures, cpu: ((requestThreadMs(pid) - before) * 1_000) / amount };
}

async function round(server, amount) {
  const { url } = server;
  const create = await withCpu(server, amount, () => createSecrets(url, amount, CONNECTIONS, CONTENT));
  const reveal = await withCpu(server, amount, () => revealSecrets(url, create.ids, CONNECTIONS));
  // The relay's backlog would use the core of the next measurement.
  await server.settle();
  return { create, reveal };
}

/** A server on a Redis of its own: no relay must take another's events. */
async function place(name, script, env) {
  const redis = await startRedis();
  const server = await startServer(name, script, redis.url, env);
  const client = new Redis(redis.url);
  const isFloor = name === 'floor';
  return {
    ...server,
    settle: () => (isFloor ? clearOutboxes(client) : drained(client)),
    stop: async () => {
      client.disconnect();
      await server.stop();
      await redis.stop();
    },
  };
}

/**
 * @param rounds how often each server is measured @param amount secrets a round
 * @param against another checkout whose build is measured beside ours
 * @returns for each server the median figures, and the median of its ratio to the floor of the same round; its mean
 * microseconds of the answering thread a request (NaN where the system does not tell); ours also beside the other checkout's
 */
export async function throughput(rounds, amount, against) {
  const servers = [await place('floor', 'test/bench/floor.mjs', {})];
  for (const mode of ['off', 'on']) {
    const env = { RATE_LIMIT: mode, ...(mode === 'on' && UNLIMITED) };
    if (against) servers.push(await place(`${BEFORE}${mode}`, join(against, 'dist/main.js'), env));
    servers.push(await place(`${OURS}${mode}`, 'dist/main.js', env));
  }
  for (const server of servers) await round(server, WARM_UP);
  const measured = new Map(servers.map(({ name }) => [name, []]));
  for (let i = 0; i < rounds; i++) {
    for (const server of servers) measured.get(server.name).push(await round(server, amount));
  }
  for (const { stop } of servers) await stop();

  const floor = measured.get('floor');
  return servers.flatMap(({ name }) =>
    ['create', 'reveal'].map((what) => {
      const runs = measured.get(name).map((run) => run[what]);
      const before = measured.get(name.replace(OURS, BEFORE));
      // A sum: one round is too short for a clock of 10 ms.
      const cpuOf = (server) => server.reduce((sum, run) => sum + run[what].cpu, 0) / server.length;
      const ratioTo = (others) => median(runs.map((run, i) => run.perSecond / others[i][what].perSecond));
      return {
        server: name,
        what,
        perSecond: median(runs.map((run) => run.perSecond)),
        p50: median(runs.map((run) => run.p50)),
        p99: median(runs.map((run) => run.p99)),
        ratio: ratioTo(floor),
        cpu: cpuOf(measured.get(name)),
        ...(before && name.startsWith(OURS) && { toBefore: ratioTo(before), cpuBefore: cpuOf(before) }),
      };
    }),
  );
}
