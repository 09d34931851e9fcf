/** One PostgreSQL for all tests of a run, each of which makes databases of its own in it: a server of its own costs seconds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import pg from 'pg';

import { layCluster, postgresEnv, postgresUser } from './postgres-cluster.mjs';
import { migrateInProcess } from './database-template.mjs';

const START_MS = 60_000;
const TEMPLATE = 'burnbag_template';

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function onServer(url, statement) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function answering(url, child, output) {
  for (const since = Date.now(); ;) {
    const trouble = await onServer(url, 'SELECT 1').catch((error) => error);
    if (trouble === undefined) return;
    if (child.exitCode !== null || Date.now() - since > START_MS)
      throw new Error(`the tests' PostgreSQL did not start: ${trouble}\n${output()}`);
    await delay(50);
  }
}

/**
 * @param {string} bin the folder of PostgreSQL's programs
 * @param {string | undefined} main the built app's main.js, whose tables the template has; undefined: nothing is built
 * @returns {Promise<{url: string, stop: () => Promise<void>}>} of the server, with the user and no database
 */
export async function startSharedPostgres(bin, main) {
  const { dir, data } = layCluster(bin, 'burnbag-tests-pg-');
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: dir,
    fsync: 'off',
    full_page_writes: 'off',
    jit: 'off',
    shared_buffers: '64MB',
    max_connections: 400,
    log_timezone: 'GMT',
    timezone: 'GMT',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let output = '';
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...args], {
    ...postgresUser,
    cwd: dir,
    env: { PATH: process.env.PATH, ...postgresEnv },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.on('data', (text) => (output = `${output}${text}`.slice(-4_000)));
  const ended = once(child, 'exit');
  const kill = () => child.kill('SIGQUIT');
  process.once('exit', kill);
  const url = `postgres://burnbag@127.0.0.1:${port}`;
  await answering(`${url}/postgres`, child, () => output);
  await onServer(`${url}/postgres`, `CREATE DATABASE ${TEMPLATE}`);
  if (main !== undefined) migrateInProcess(main, { url: `${url}/${TEMPLATE}` });
  const stop = async () => {
    process.off('exit', kill);
    kill();
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  return { url, stop };
}
