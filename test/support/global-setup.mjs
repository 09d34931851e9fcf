/** Before the first test that needs them: a real Redis and PostgreSQL, found or downloaded. None is a failure, not a skip. */
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';

import { obtainPostgres, postgresForNobody } from '../../scripts/lib/obtain-postgres.mjs';
import { obtainRedis } from '../../scripts/lib/obtain-redis.mjs';
import { exclusively } from '../../scripts/lib/exclusive.mjs';
import { isRoot } from '../../scripts/lib/shell.mjs';
import { obtainDatabaseTemplate } from './database-template.mjs';
import { startSharedPostgres } from './shared-postgres.mjs';

const MAIN = process.env.BB_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The container engine is asked over its socket; DOCKER_HOST names another one. */
function engineAnswers() {
  if (process.env.DOCKER_HOST) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = createConnection('/var/run/docker.sock');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function bringPostgres() {
  const bin = obtainPostgres();
  return isRoot() ? postgresForNobody(bin) : bin;
}

function bringRedis() {
  const redis = obtainRedis();
  if (redis.kind === 'binary') process.env.REDIS_SERVER_BIN = redis.binary;
  else {
    redis.stop();
    process.env.BURNBAG_TEST_REDIS = 'container';
  }
}

export default async function setUp() {
  process.env.BURNBAG_TEST_ENGINE ??= (await engineAnswers()) ? 'yes' : 'no';
  await exclusively(() => {
    process.env.BURNBAG_TEST_POSTGRES ??= bringPostgres();
    const template = obtainDatabaseTemplate(MAIN);
    if (template !== undefined) process.env.BURNBAG_TEST_TEMPLATE = template;
    if (!process.env.REDIS_SERVER_BIN) bringRedis();
  });
  const bin = process.env.BURNBAG_TEST_POSTGRES;
  const postgres = await startSharedPostgres(bin, existsSync(MAIN) ? MAIN : undefined);
  process.env.BURNBAG_TEST_DATABASE_SERVER = postgres.url;
  // Handed to global-teardown.mjs, which has nothing else in common with this.
  globalThis.endTestPostgres = postgres.stop;
}
