/** Creates and reveals per second of the portal as a share of the floor's, in turn, so that drift hits all alike. */
import { join } from 'node:path';

import { Redis } from 'ioredis';

import { createSecrets, revealSecrets } from './load.mjs';
import { clearOutboxes, drained, startRedis, startServer } from './servers.mjs';

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

async function round(server, amount) {
  const create = await createSecrets(server.url, amount, CONNECTIONS, CONTENT);
  const reveal = await revealSecrets(server.url, create.ids, CONNECTIONS);
  // What the relay still owes would be worked off on the core of whoever is measured next.
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
 * @returns for each server the median figures, and the median of its ratio to the floor of the same round; ours also
 * its ratio to the other checkout's
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
      const ratioTo = (others) => median(runs.map((run, i) => run.perSecond / others[i][what].perSecond));
      return {
        server: name,
        what,
        perSecond: median(runs.map((run) => run.perSecond)),
        p50: median(runs.map((run) => run.p50)),
        p99: median(runs.map((run) => run.p99)),
        ratio: ratioTo(floor),
        toBefore: before && name.startsWith(OURS) ? ratioTo(before) : undefined,
      };
    }),
  );
}
