import type { Verification } from '@burnbag/contract';

import { BUCKETS, outboxKeys, VERIFICATION_KEY } from '../../redis/redis-keys.js';
import type { Scripts } from '../../redis/script/script-runner.js';
import { keepValueScript, readValueScript } from '../../redis/value/value.scripts.js';

/** Facts about the trail that are kept outside of its database, for all replicas. */
export class RedisAuditCheckpoints {
  constructor(private readonly redis: Scripts) {}

  /**
   * The signed heads of the chains, by bucket; null when there is none. @throws ProblemError
   * store_unavailable
   */
  heads(): Promise<readonly (Buffer | null)[]> {
    return Promise.all(
      Array.from({ length: BUCKETS }, async (_, bucket) => {
        const head = await this.redis.run(readValueScript, { value: outboxKeys(bucket).head }, {});
        return head ?? null;
      }),
    );
  }

  /** @throws ProblemError store_unavailable */
  async lastVerification(): Promise<Verification | undefined> {
    const text = await this.redis.run(readValueScript, { value: VERIFICATION_KEY }, {});
    // The stored value was written by the method below.
    return text === undefined ? undefined : (JSON.parse(text.toString('utf8')) as Verification);
  }

  /** @throws ProblemError store_unavailable */
  keepVerification(verification: Verification): Promise<void> {
    return this.redis.run(
      keepValueScript,
      { value: VERIFICATION_KEY },
      { value: JSON.stringify(verification) },
    );
  }
}
