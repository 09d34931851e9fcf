import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';

import { rateLimitKeys } from '../redis/redis-keys.js';
import { RedisService } from '../redis/redis.service.js';
import type { ScriptDefinition } from '../redis/script.js';

interface HitCount {
  readonly hits: number;
  readonly msLeft: number;
  readonly blocked: boolean;
}

const countHit: ScriptDefinition<HitCount> = {
  name: 'count-hit',
  keys: 2,
  parse: ([hits, msLeft, blocked]) => ({
    hits: Number(hits),
    msLeft: Number(msLeft),
    blocked: blocked === 1,
  }),
};

type Counted = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Counts in Redis, one script for each hit, so that all replicas share one count and no hit slips between. */
@Injectable()
export class RedisThrottlerStorage implements ThrottlerStorage {
  constructor(private readonly redis: RedisService) {}

  /** @param key `kind:client`; @param ttl ms; @param blockDuration ms */
  async increment(key: string, ttl: number, limit: number, blockDuration: number): Promise<Counted> {
    const split = key.indexOf(':');
    const { counter, refused } = rateLimitKeys(key.slice(0, split), key.slice(split + 1));
    const { hits, msLeft, blocked } = await this.redis.run(
      countHit,
      counter,
      refused,
      ttl,
      limit,
      blockDuration,
    );
    const seconds = Math.ceil(msLeft / 1000);
    return {
      totalHits: hits,
      timeToExpire: seconds,
      isBlocked: blocked,
      timeToBlockExpire: blocked ? seconds : 0,
    };
  }
}
