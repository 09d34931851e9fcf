/** `npm run attacks`: prepares the checkout, then attacks it. Arguments go to test/attacks/attacks.mjs. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { obtainRedis } from './lib/obtain-redis.mjs';
import { checkNode, pinnedNode, prepare, toolEnvironment } from './lib/prepare.mjs';
import { projectRoot, say } from './lib/shell.mjs';

checkNode();
await prepare();
const redis = obtainRedis(process.env);
if (redis.kind !== 'binary' || process.platform !== 'linux') {
  say('the attacks need Linux, and a redis-server program on this machine');
  process.exit(1);
}
const { status } = spawnSync(
  pinnedNode(),
  [join(projectRoot, 'test/attacks/attacks.mjs'), ...process.argv.slice(2)],
  {
    cwd: projectRoot,
    env: { ...toolEnvironment(), REDIS_SERVER_BIN: redis.binary },
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
