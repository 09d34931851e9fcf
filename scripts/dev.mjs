/**
 * `npm run dev`: the server on port 3000, built and started again at each change of `src`, and the web app with hot reload on
 * port 5173. Needs no `npm start` before.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { obtainRedis } from './lib/obtain-redis.mjs';
import { checkNode, pinnedNode, prepare, toolEnvironment } from './lib/prepare.mjs';
import { endPlainly, projectRoot } from './lib/shell.mjs';

const WEB_APP = 'http://localhost:5173';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const tool = (name) => join(projectRoot, 'node_modules/.bin', name);

async function main() {
  checkNode();
  await prepare();
  const redis = obtainRedis();
  const env = {
    ...toolEnvironment(),
    // The browser is at the web app's own server, which hands the API's requests on.
    PUBLIC_URL: WEB_APP,
    ...(redis.kind === 'url' ? { REDIS_URL: redis.url } : { REDIS_SERVER_BIN: redis.binary }),
  };
  const run = (cwd, name, args) => spawn(tool(name), args, { cwd, env, stdio: 'inherit' });
  const children = [
    run(projectRoot, 'nest', ['start', '--watch', '--preserveWatchOutput', '--exec', pinnedNode()]),
    run(join(projectRoot, 'frontend'), 'vite', ['--strictPort']),
  ];
  const stop = (signal) => children.forEach((child) => child.kill(signal));
  for (const signal of SIGNALS) process.on(signal, () => stop(signal));
  const exits = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  // Half of it is of no use.
  process.exitCode = (await Promise.race(exits)) ?? 1;
  stop('SIGTERM');
  await Promise.all(exits);
  if (redis.kind === 'url') redis.stop();
}

await main().catch(endPlainly);
