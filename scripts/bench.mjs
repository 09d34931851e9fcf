/** `npm run bench`: prepares the checkout, then measures it. Arguments go to test/bench/bench.mjs. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { obtainRedis } from './lib/obtain-redis.mjs';
import { checkNode, pinnedNode, prepare, RUNTIME_FLAGS, toolEnvironment } from './lib/prepare.mjs';
import { projectRoot, say } from './lib/shell.mjs';

checkNode();
await prepare();
const redis = obtainRedis(process.env);
if (redis.kind !== 'binary') {
  say('the benchmark needs a redis-server program on this machine: a container would be measured with it');
  process.exit(1);
}
const { status } = spawnSync(
  pinnedNode(),
  // The load generator must not pause for its own garbage collection while it times others.
  [...RUNTIME_FLAGS, join(projectRoot, 'test/bench/bench.mjs'), ...process.argv.slice(2)],
  {
    cwd: projectRoot,
    env: { ...toolEnvironment(), REDIS_SERVER_BIN: redis.binary },
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
