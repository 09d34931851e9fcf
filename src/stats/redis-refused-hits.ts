import { BUCKETS, refusedHitsKey } from '../redis/redis-keys.js';
import type { RedisService } from '../redis/redis.service.js';
import type { ScriptDefinition } from '../redis/script/script.js';
import type { RefusedHits } from './refused-hits.port.js';

const script: ScriptDefinition<readonly number[]> = {
  name: 'refused-hits',
  from: import.meta.url,
  keys: 1,
  parse: (reply) => reply.map(Number),
};

/** Reads the counts that the rate limit's script keeps beside its counters. */
export class RedisRefusedHits implements RefusedHits {
  constructor(private readonly redis: RedisService) {}

  async byHour(since: number): Promise<ReadonlyMap<number, number>> {
    const buckets = Array.from({ length: BUCKETS }, (_, bucket) => refusedHitsKey(bucket));
    const replies = await Promise.all(buckets.map((key) => this.redis.run(script, key, since)));
    const hits = new Map<number, number>();
    for (const reply of replies) {
      for (let at = 0; at < reply.length; at += 2) {
        const hour = reply[at] ?? 0;
        hits.set(hour, (hits.get(hour) ?? 0) + (reply[at + 1] ?? 0));
      }
    }
    return hits;
  }
}
