/** Several processes of the portal side by side on one Redis and one PostgreSQL, as behind a balancer that deals evenly. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

import { Redis } from 'ioredis';

import { holdTo } from './cpu-share.mjs';
import { createSecrets, revealSecrets } from './load.mjs';
import { startPostgres } from './postgres.mjs';
import { drained, startRedis, startServer } from './servers.mjs';
import { median } from './throughput.mjs';

/** To each process: more copies serve more clients. */
const CONNECTIONS = 120;
const CONTENT = 'x'.repeat(100);
const WARM_UP = 4_000;
const ALL_CORES = `0-${cpus().length - 1}`;
/** Of a core for each process, with which two of them, Redis and the load fit on two cores. */
export const SHARE = 0.3;
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

/** Each process has as much to do as a lone one: so they are all as warm. */
async function round(apps, each) {
  const began = performance.now();
  const ids = await Promise.all(apps.map(({ url }) => createSecrets(url, each, CONNECTIONS, CONTENT)));
  await Promise.all(apps.map(({ url }, n) => revealSecrets(url, ids[n].ids, CONNECTIONS)));
  return (2 * each * apps.length) / ((performance.now() - began) / 1000);
}

/** @param held whether each process is held to SHARE @returns for one number of processes the median of operations a second, and how many cores each part kept busy */
async function measure(count, rounds, amount, held) {
  const redis = await startRedis();
  const postgres = await startPostgres();
  const client = new Redis(redis.url);
  const env = { RATE_LIMIT: 'off', DATABASE_URL: await postgres.createDatabase() };
  const apps = [];
  for (let n = 0; n < count; n++)
    apps.push(await startServer(`copy ${n}`, 'dist/main.js', redis.url, env, ALL_CORES));
  const limits = held ? apps.map(({ pid }) => holdTo(pid, SHARE)) : [];
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
  for (const lift of limits) lift?.();
  await postgres.stop();
  await redis.stop();
  const cores = (part) => median(busy.map((each) => each[part]));
  return {
    count,
    perSecond: median(perSecond),
    held: held && !limits.includes(undefined),
    cores: { portal: cores('portal'), redis: cores('redis'), load: cores('load') },
  };
}

/**
 * @returns a row for one, two and four processes; `ratio` to one process; `judged` where the cores allow a verdict: each
 * process, Redis and the load need one to themselves, or fit beside each other with each process `held` to its share.
 * PostgreSQL works in the pauses.
 */
export async function scale(rounds, amount) {
  const cores = cpus().length;
  const held = cores < 4;
  const rows = [];
  for (const count of [1, 2, 4]) rows.push(await measure(count, rounds, amount, held));
  const [{ perSecond: one }] = rows;
  return rows.map((row) => ({
    ...row,
    ratio: row.perSecond / one,
    judged: row.count > 1 && (row.held ? row.count * SHARE + 1 <= cores : cores >= row.count + 2),
  }));
}
