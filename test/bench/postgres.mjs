/** A PostgreSQL with its own defaults, fsync on, for the relay to be measured against. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import pg from 'pg';

import { obtainPostgres, postgresForNobody } from '../../scripts/lib/obtain-postgres.mjs';
import { isRoot } from '../../scripts/lib/shell.mjs';
import { layCluster, postgresEnv, postgresUser } from '../support/postgres-cluster.mjs';
import { freePort, launch, LOAD_CORE } from './servers.mjs';

/** It runs on the core of the load, which makes none while a backlog is drained. */
export async function startPostgres() {
  const bin = isRoot() ? postgresForNobody(obtainPostgres()) : obtainPostgres();
  const { dir, data } = layCluster(bin, 'burnbag-bench-pg-');
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: dir, jit: 'off' };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { stop } = await launch(LOAD_CORE, join(bin, 'postgres'), ['-D', data, ...args], {
    env: postgresEnv,
    user: postgresUser,
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
