import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { exchange } from '../platform/data-dir/socket-exchange.js';
import type { RedisConfig } from '../platform/config/sections/app.config.js';
import { configuredTarget, type RedisTarget } from '../platform/config/redis-target.js';
import { prepareDataDir } from '../redis/embedded/data-dir.js';
import { EmbeddedRedis } from '../redis/embedded/embedded-redis.js';
import { findRedisBinary } from '../redis/embedded/find-redis-binary.js';

/**
 * Uses the portal's Redis: the configured one, else the private one in DATA_DIR, which is started temporarily
 * when no portal runs on it.
 * @throws Error when there is none
 */
export async function withPortalRedis<T>(
  redis: RedisConfig,
  dataDir: string,
  work: (target: RedisTarget) => Promise<T>,
): Promise<T> {
  const configured = configuredTarget(redis);
  if (configured) return work(configured);
  if (!existsSync(join(dataDir, 'redis'))) throw new Error(`there is no private Redis in ${dataDir}`);
  const paths = prepareDataDir(dataDir);
  if ((await exchange(paths.lockSocket)) !== undefined)
    return work({ mode: 'single', socket: paths.redisSocket });
  const binary = findRedisBinary({ ...process.env, REDIS_SERVER_BIN: redis.serverBinary });
  const embedded = new EmbeddedRedis({ dataDir, binary, log: () => undefined });
  const { socketPath } = await embedded.start();
  try {
    return await work({ mode: 'single', socket: socketPath });
  } finally {
    await embedded.stop();
  }
}
