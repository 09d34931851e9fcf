/** Creates and reveals per second of the portal as a share of the floor's, in turn, so that drift hits all alike. */
import { createSecrets, revealSecrets } from './load.mjs';
import { startRedis, startServer } from './servers.mjs';

const CONNECTIONS = 300;
const CONTENT = 'x'.repeat(100);
const WARM_UP = 8_000;
const UNLIMITED = { RATE_LIMIT_CREATE: '1000000000', RATE_LIMIT_REVEAL: '1000000000' };

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function round(server, amount) {
  const create = await createSecrets(server.url, amount, CONNECTIONS, CONTENT);
  const reveal = await revealSecrets(server.url, create.ids, CONNECTIONS);
  return { create, reveal };
}

/**
 * @param rounds how often each server is measured @param amount secrets a round
 * @returns for each server the median figures, and the median of its ratio to the floor of the same round
 */
export async function throughput(rounds, amount) {
  const redis = await startRedis();
  const servers = [
    await startServer('floor', 'test/bench/floor.mjs', redis.url),
    await startServer('RATE_LIMIT=off', 'dist/main.js', redis.url, { RATE_LIMIT: 'off' }),
    await startServer('RATE_LIMIT=on', 'dist/main.js', redis.url, { RATE_LIMIT: 'on', ...UNLIMITED }),
  ];
  for (const server of servers) await round(server, WARM_UP);
  const measured = new Map(servers.map(({ name }) => [name, []]));
  for (let i = 0; i < rounds; i++) {
    for (const server of servers) measured.get(server.name).push(await round(server, amount));
  }
  for (const { stop } of servers) await stop();
  await redis.stop();

  const floor = measured.get('floor');
  return servers.flatMap(({ name }) =>
    ['create', 'reveal'].map((what) => {
      const runs = measured.get(name).map((run) => run[what]);
      return {
        server: name,
        what,
        perSecond: median(runs.map((run) => run.perSecond)),
        p50: median(runs.map((run) => run.p50)),
        p99: median(runs.map((run) => run.p99)),
        ratio: median(runs.map((run, i) => run.perSecond / floor[i][what].perSecond)),
      };
    }),
  );
}
