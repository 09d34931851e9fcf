/**
 * `npm start`: from a fresh clone to a running Burnbag. Installs, builds, brings a Redis and starts the app; the second
 * time only the last. Plain Node 20.19 without packages, because it runs before the install.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { exclusively } from './lib/exclusive.mjs';
import { whenNpmIsGone } from './lib/npm-parent.mjs';
import { obtainRedis } from './lib/obtain-redis.mjs';
import { checkNode, pinnedNode, prepare, RUNTIME_FLAGS, toolEnvironment } from './lib/prepare.mjs';
import { endPlainly, projectRoot } from './lib/shell.mjs';

const REDIS_SETTINGS = ['REDIS_URL', 'REDIS_URL_FILE', 'REDIS_URLS', 'REDIS_URLS_FILE'];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The app reads .env by itself; here it tells whether a Redis is already configured. */
function settings() {
  const file = join(projectRoot, '.env');
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env };
}

function redisSettings() {
  const env = settings();
  if (REDIS_SETTINGS.some((name) => env[name])) return { env: {}, stop: () => {} };
  const redis = obtainRedis(env);
  if (redis.kind === 'url') return { env: { REDIS_URL: redis.url }, stop: redis.stop };
  return { env: { REDIS_SERVER_BIN: redis.binary }, stop: () => {} };
}

/** @returns {Promise<number>} the app's exit code, 128 + n when signal n ended it */
function runApp(env) {
  return new Promise((resolve, reject) => {
    const app = spawn(pinnedNode(), [...RUNTIME_FLAGS, join(projectRoot, 'dist', 'main.js')], {
      cwd: projectRoot,
      env: { ...toolEnvironment(), ...env },
      stdio: 'inherit',
    });
    // The app drains and ends by itself; this process only waits for it.
    for (const signal of SIGNALS) process.on(signal, () => app.kill(signal));
    whenNpmIsGone('scripts/start.mjs', () => app.kill('SIGTERM'));
    app.once('error', reject);
    app.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

async function main() {
  checkNode();
  const redis = await exclusively(async () => {
    await prepare();
    return redisSettings();
  });
  process.exitCode = await runApp(redis.env).finally(redis.stop);
}

await main().catch(endPlainly);
