import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { BUCKETS } from '../audit/audit-chain.js';
import { decodeKeptHeads, type KeptHeads } from '../audit/kept-heads.js';
import { exchange } from '../common/data-dir/socket-exchange.js';
import type { RedisConfig } from '../config/app.config.js';
import { prepareDataDir } from '../redis/embedded/data-dir.js';
import { EmbeddedRedis } from '../redis/embedded/embedded-redis.js';
import { findRedisBinary } from '../redis/embedded/find-redis-binary.js';
import { outboxKeys } from '../redis/redis-keys.js';
import { RedisReader } from '../redis/redis-reader.js';
import { configuredTarget, type RedisTarget } from '../config/redis-target.js';

/**
 * Reads the last signed heads from where the portal's Redis is: as configured, else the private one in DATA_DIR, which is
 * started for the moment when no portal runs on it.
 * @throws Error when there is none, or it cannot be reached
 */
export async function readKeptHeads(redis: RedisConfig, dataDir: string): Promise<KeptHeads> {
  const configured = configuredTarget(redis);
  if (configured) return readFrom(configured);
  if (!existsSync(join(dataDir, 'redis'))) throw new Error(`there is no private Redis in ${dataDir}`);
  const paths = prepareDataDir(dataDir);
  if ((await exchange(paths.lockSocket)) !== undefined)
    return readFrom({ mode: 'single', address: paths.redisSocket });
  const binary = findRedisBinary({ ...process.env, REDIS_SERVER_BIN: redis.serverBinary });
  const embedded = new EmbeddedRedis({ dataDir, binary, log: () => undefined });
  const { socketPath } = await embedded.start();
  try {
    return await readFrom({ mode: 'single', address: socketPath });
  } finally {
    await embedded.stop();
  }
}

async function readFrom(target: RedisTarget): Promise<KeptHeads> {
  const reader = await RedisReader.open(target);
  try {
    const stored: (Buffer | null)[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket += 1)
      stored.push(await reader.get(outboxKeys(bucket).head));
    return decodeKeptHeads(stored);
  } finally {
    reader.close();
  }
}
