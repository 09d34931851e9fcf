/** A PostgreSQL with its own defaults, fsync on, for the relay to be measured against. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { NOBODY, obtainPostgres, postgresForNobody } from '../../scripts/lib/obtain-postgres.mjs';
import { freePort, launch, LOAD_CORE } from './servers.mjs';

const env = { LC_ALL: 'C', TZ: 'GMT' };

/** It runs on the core of the load, which makes none while a backlog is drained. */
export async function startPostgres() {
  const isRoot = process.getuid?.() === 0;
  const bin = isRoot ? postgresForNobody(obtainPostgres()) : obtainPostgres();
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const dir = mkdtempSync(join(tmpdir(), 'burnbag-bench-pg-'));
  if (isRoot) chownSync(dir, NOBODY, NOBODY);
  const data = join(dir, 'data');
  const options = { ...user, cwd: dir, env: { ...process.env, ...env }, stdio: 'ignore' };
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'burnbag', '-E', 'UTF8', '--locale=C', '-A', 'trust'],
    options,
  );
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: dir, jit: 'off' };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { stop } = await launch(LOAD_CORE, join(bin, 'postgres'), ['-D', data, ...args], {
    env,
    user,
    cwd: dir,
    ready: 'ready to accept connections',
  });
  const urlOf = (database) => `postgres://burnbag@127.0.0.1:${port}/${database}`;
  let databases = 0;
  return {
    async createDatabase() {
      databases += 1;
      const client = new pg.Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`CREATE DATABASE bench_${databases}`);
      await client.end();
      return urlOf(`bench_${databases}`);
    },
    async stop() {
      await stop();
      rmSync(dir, { recursive: true });
    },
  };
}
