/** How fast the audit relay empties a backlog, as a ratio to how fast one process can fill it. */
import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { createSecrets } from './load.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis, startServer, waitingEvents } from './servers.mjs';
import { median } from './throughput.mjs';

const BACKLOG = 80_000;
const CREATED = 12_000;
const CONNECTIONS = 300;
const CONTENT = 'x'.repeat(100);
const POLL_MS = 20;

/** @returns events a second, from the first that left to the last */
async function drainRate(client) {
  let since;
  let from = 0;
  for (;;) {
    const left = await waitingEvents(client);
    const now = performance.now();
    if (since === undefined && left < BACKLOG) [since, from] = [now, left];
    if (left === 0) return (from / (now - since)) * 1000;
    await delay(POLL_MS);
  }
}

/** A backlog is what the floor leaves: it writes events and relays none. */
async function round(env) {
  const redis = await startRedis();
  const floor = await startServer('floor', 'test/bench/floor.mjs', redis.url);
  await createSecrets(floor.url, BACKLOG, CONNECTIONS, CONTENT);
  await floor.stop();
  const client = new Redis(redis.url);
  const starting = startServer('portal', 'dist/main.js', redis.url, { RATE_LIMIT: 'off', ...env });
  const drainedPerSecond = await drainRate(client);
  const portal = await starting;
  // A process that has just started creates half as fast: the ratio is to a warm one.
  await createSecrets(portal.url, CREATED, CONNECTIONS, CONTENT);
  const { perSecond } = await createSecrets(portal.url, CREATED, CONNECTIONS, CONTENT);
  client.disconnect();
  await portal.stop();
  await redis.stop();
  return { drainedPerSecond, createdPerSecond: perSecond };
}

/** @returns for each engine the medians, and the median of the ratio of each round */
export async function relayCost(rounds) {
  const postgres = await startPostgres();
  const engines = [
    { engine: 'PGlite, in the same core', env: () => ({}) },
    { engine: 'PostgreSQL', env: async () => ({ DATABASE_URL: await postgres.createDatabase() }) },
  ];
  const results = [];
  for (const { engine, env } of engines) {
    const measured = [];
    for (let i = 0; i < rounds; i++) measured.push(await round(await env()));
    results.push({
      engine,
      drainedPerSecond: median(measured.map((each) => each.drainedPerSecond)),
      createdPerSecond: median(measured.map((each) => each.createdPerSecond)),
      ratio: median(measured.map((each) => each.drainedPerSecond / each.createdPerSecond)),
    });
  }
  await postgres.stop();
  return results;
}
