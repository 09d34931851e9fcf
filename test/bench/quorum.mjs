/** What BURN_QUORUM=1 costs: two portals, each with a master and a replica on loopback, measured in turn. */
import { Redis } from 'ioredis';

import { createSecrets, revealSecrets } from './load.mjs';
import { drained, startRedis, startServer } from './servers.mjs';
import { median } from './throughput.mjs';

const CONTENT = 'x'.repeat(100);
const WARM_UP = 4_000;
/** Few readers feel the time of a round trip, many the work of the server. */
const LOADS = [
  { connections: 8, share: 0.25 },
  { connections: 300, share: 1 },
];

async function place(quorum) {
  const [master, replica] = [await startRedis(), await startRedis()];
  const [client, follower] = [new Redis(master.url), new Redis(replica.url)];
  await client.config('SET', 'repl-diskless-sync-delay', '0');
  await follower.replicaof('127.0.0.1', Number(new URL(master.url).port));
  while (!(await client.info('replication')).includes('state=online')) await new Promise(setImmediate);
  const env = { RATE_LIMIT: 'off', BURN_QUORUM: String(quorum) };
  const server = await startServer(`quorum ${quorum}`, 'dist/main.js', master.url, env);
  return {
    url: server.url,
    settle: () => drained(client),
    stop: async () => {
      client.disconnect();
      follower.disconnect();
      for (const each of [server, replica, master]) await each.stop();
    },
  };
}

async function round({ url, settle }, amount, connections) {
  const create = await createSecrets(url, amount, connections, CONTENT);
  const reveal = await revealSecrets(url, create.ids, connections);
  await settle();
  return { create, reveal };
}

/** @returns for few and many connections, creating and revealing: medians without and with, added p50, and ratio */
export async function quorumCost(rounds, amount) {
  const places = [await place(0), await place(1)];
  for (const each of places) await round(each, WARM_UP, 300);
  const measured = LOADS.map(() => places.map(() => []));
  for (let i = 0; i < rounds; i++) {
    for (const [at, { connections, share }] of LOADS.entries()) {
      for (const [n, each] of places.entries())
        measured[at][n].push(await round(each, amount * share, connections));
    }
  }
  for (const { stop } of places) await stop();
  return LOADS.flatMap(({ connections }, at) =>
    ['create', 'reveal'].map((what) => {
      const [without, quorum] = measured[at].map((runs) => runs.map((run) => run[what]));
      return {
        connections,
        what,
        perSecond: [without, quorum].map((runs) => median(runs.map((run) => run.perSecond))),
        p50: [without, quorum].map((runs) => median(runs.map((run) => run.p50))),
        added: median(quorum.map((run, i) => run.p50 - without[i].p50)),
        ratio: median(quorum.map((run, i) => run.perSecond / without[i].perSecond)),
      };
    }),
  );
}
