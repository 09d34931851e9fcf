/** Several processes of the portal side by side on one Redis and one PostgreSQL, as behind a balancer that deals evenly. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

import { Redis } from 'ioredis';

import { createSecrets, revealSecrets } from './load.mjs';
import { startPostgres } from './postgres.mjs';
import { drained, startRedis, startServer } from './servers.mjs';
import { median } from './throughput.mjs';

const CONNECTIONS = 240;
const CONTENT = 'x'.repeat(100);
const WARM_UP = 4_000;
const ALL_CORES = `0-${cpus().length - 1}`;
/** Of the kernel's clock ticks, 100 a second. */
const TICK_SECONDS = 0.01;

/** CPU time of a process so far, in seconds. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS;
}

function loadSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function round(apps, amount) {
  const each = Math.floor(amount / apps.length);
  const connections = Math.floor(CONNECTIONS / apps.length);
  const began = performance.now();
  const ids = await Promise.all(apps.map(({ url }) => createSecrets(url, each, connections, CONTENT)));
  await Promise.all(apps.map(({ url }, n) => revealSecrets(url, ids[n].ids, connections)));
  return (2 * each * apps.length) / ((performance.now() - began) / 1000);
}

/** @returns for one number of processes the median of operations a second, and how many cores each part kept busy */
async function measure(count, rounds, amount) {
  const redis = await startRedis();
  const postgres = await startPostgres();
  const client = new Redis(redis.url);
  const env = { RATE_LIMIT: 'off', DATABASE_URL: await postgres.createDatabase() };
  const apps = [];
  for (let n = 0; n < count; n++)
    apps.push(await startServer(`copy ${n}`, 'dist/main.js', redis.url, env, ALL_CORES));
  const [, redisPid] = /process_id:(\d+)/.exec(await client.info('server'));
  await round(apps, WARM_UP);
  await drained(client);

  const spent = () => ({
    portal: apps.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    redis: cpuSeconds(redisPid),
    load: loadSeconds(),
  });
  const perSecond = [];
  const busy = [];
  for (let i = 0; i < rounds; i++) {
    const before = spent();
    const began = performance.now();
    perSecond.push(await round(apps, amount));
    const seconds = (performance.now() - began) / 1000;
    const after = spent();
    busy.push(
      Object.fromEntries(Object.keys(after).map((part) => [part, (after[part] - before[part]) / seconds])),
    );
    await drained(client);
  }
  client.disconnect();
  for (const { stop } of apps) await stop();
  await postgres.stop();
  await redis.stop();
  const cores = (part) => median(busy.map((each) => each[part]));
  return {
    count,
    perSecond: median(perSecond),
    cores: { portal: cores('portal'), redis: cores('redis'), load: cores('load') },
  };
}

/** @returns a row for one, two and four processes; `ratio` to one process; `judged` where the cores allow a verdict */
export async function scale(rounds, amount) {
  const rows = [];
  for (const count of [1, 2, 4]) rows.push(await measure(count, rounds, amount));
  const [{ perSecond: one }] = rows;
  // Each process, Redis and the load need one to themselves; PostgreSQL works in the pauses.
  return rows.map((row) => ({
    ...row,
    ratio: row.perSecond / one,
    judged: row.count > 1 && cpus().length >= row.count + 2,
  }));
}
