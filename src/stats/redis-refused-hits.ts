import { BUCKETS, refusedHitsKey } from '../redis/redis-keys.js';
import type { RedisService } from '../redis/redis.service.js';
import { defineScript } from '../redis/script/define-script.js';
import { integerIn } from '../redis/script/script-reply.js';

const script = defineScript(import.meta.url, 'refused-hits', {
  keys: ['refused'],
  args: { oldest: 'number' },
  parse: (reply): readonly number[] => reply.map(integerIn),
});

/**
 * How many requests the limits refused. Reads the counts that the rate limit's script keeps beside its
 * counters.
 */
export class RedisRefusedHits {
  constructor(private readonly redis: RedisService) {}

  /**
   * @param since first hour, in hours since the epoch; older ones are deleted
   * @returns hits by hour since the epoch
   */
  async byHour(since: number): Promise<ReadonlyMap<number, number>> {
    const buckets = Array.from({ length: BUCKETS }, (_, bucket) => refusedHitsKey(bucket));
    const replies = await Promise.all(
      buckets.map((refused) => this.redis.run(script, { refused }, { oldest: since })),
    );
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
