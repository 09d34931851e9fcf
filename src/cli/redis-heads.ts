import { BUCKETS } from '../audit/chain/audit-chain.js';
import { decodeKeptHeads, type KeptHeads } from '../audit/chain/kept-heads.js';
import type { RedisConfig } from '../platform/config/sections/app.config.js';
import type { RedisTarget } from '../platform/config/redis-target.js';
import { outboxKeys } from '../redis/redis-keys.js';
import { RedisReader } from '../redis/redis-reader.js';
import { withPortalRedis } from './redis-place.js';

/** Reads the last signed heads. @throws Error when there is no Redis, or it cannot be reached */
export function readKeptHeads(redis: RedisConfig, dataDir: string): Promise<KeptHeads> {
  return withPortalRedis(redis, dataDir, readFrom);
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
