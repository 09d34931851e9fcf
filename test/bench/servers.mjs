/** Starts what is measured, each on a core of its own where the system lets us choose. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { RUNTIME_FLAGS } from '../../scripts/lib/prepare.mjs';
import { findRedisBinary } from '../../dist/redis/embedded/find-redis-binary.js';
import { outboxKeys } from '../../dist/redis/redis-keys.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CAN_PIN = cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0;

const POLL_MS = 50;

/** The server under test has core 0 for itself; Redis and the load share the others. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;
export const pinning = CAN_PIN
  ? 'server on core 0, load and Redis on core 1'
  : 'not pinned: one core, or no taskset';

function pinned(core, command, args) {
  return CAN_PIN ? ['taskset', ['-c', String(core), command, ...args]] : [command, args];
}

/** Moves this process, which makes the load, away from the server's core. */
export function pinLoad() {
  if (CAN_PIN) spawnSync('taskset', ['-a', '-cp', String(LOAD_CORE), String(process.pid)]);
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** What a server prints goes to a file: reading it here would be paid for by the load. */
export async function launch(core, command, args, { env = {}, ready, user = {}, cwd = ROOT }) {
  const [program, list] = pinned(core, command, args);
  const folder = mkdtempSync(join(tmpdir(), 'burnbag-bench-log-'));
  const log = join(folder, 'stdout');
  const output = openSync(log, 'w');
  const child = spawn(program, list, {
    ...user,
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  running.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!readFileSync(log, 'utf8').includes(ready)) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${readFileSync(log, 'utf8')}`);
    await delay(POLL_MS);
  }
  const stop = async () => {
    running.delete(child);
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  return { child, stop };
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A real Redis with the settings of the embedded one. @param settings more of its options */
export async function startRedis(settings = ['--appendonly', 'yes', '--appendfsync', 'always']) {
  const dir = mkdtempSync(join(tmpdir(), 'burnbag-bench-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', ...settings];
  const ready = 'Ready to accept connections';
  const { stop } = await launch(LOAD_CORE, findRedisBinary(process.env), args, { ready });
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      await stop();
      rmSync(dir, { recursive: true });
    },
  };
}

const OUTBOXES = Array.from({ length: 16 }, (_, bucket) => outboxKeys(bucket).outbox);

/** Deletes the events, which are not relayed. @param client of ioredis */
export async function clearOutboxes(client) {
  for (const key of OUTBOXES) await client.del(key);
}

/** @returns how many events wait to be relayed */
export async function waitingEvents(client) {
  const sizes = await Promise.all(OUTBOXES.map((key) => client.xlen(key)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** In which the kernel counts time, on every Linux that Node runs on. */
const TICK_MS = 10;

/** @returns ms that the thread which answers requests has computed so far; undefined where the system does not say */
export function requestThreadMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** Resolves when the relay has nothing left: what it owes to one round must not slow the next. */
export async function drained(client) {
  while ((await waitingEvents(client)) > 0) await delay(POLL_MS);
}

/**
 * @param script the portal (dist/main.js) or the floor; a path of its own for another checkout's
 * @param core which one, or several as taskset writes them
 */
export async function startServer(name, script, redisUrl, env = {}, core = SERVER_CORE) {
  const port = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-bench-'));
  const { stop, child } = await launch(
    core,
    process.execPath,
    [...RUNTIME_FLAGS, isAbsolute(script) ? script : join(ROOT, script)],
    {
      env: {
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: dataDir,
        REDIS_URL: redisUrl,
        BURNBAG_KEYS: BENCH_KEY,
        ...env,
      },
      ready: 'is ready at',
    },
  );
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    stop: async () => {
      await stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** A key for the length of a measurement. */
export const BENCH_KEY = `1:${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')}`;
