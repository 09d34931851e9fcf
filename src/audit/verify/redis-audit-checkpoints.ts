import { BUCKETS, outboxKeys, VERIFICATION_KEY } from '../../redis/redis-keys.js';
import type { Scripts } from '../../redis/script/script-runner.js';
import { keepValueScript, readValueScript } from '../../redis/value/value.scripts.js';
import type { AuditCheckpoints } from './audit-checkpoints.port.js';
import type { Verification } from './verification.js';

export class RedisAuditCheckpoints implements AuditCheckpoints {
  constructor(private readonly redis: Scripts) {}

  heads(): Promise<readonly (Buffer | null)[]> {
    return Promise.all(
      Array.from({ length: BUCKETS }, async (_, bucket) => {
        const head = await this.redis.run(readValueScript, { value: outboxKeys(bucket).head }, {});
        return head ?? null;
      }),
    );
  }

  async lastVerification(): Promise<Verification | undefined> {
    const text = await this.redis.run(readValueScript, { value: VERIFICATION_KEY }, {});
    // The stored value was written by the method below.
    return text === undefined ? undefined : (JSON.parse(text.toString('utf8')) as Verification);
  }

  keepVerification(verification: Verification): Promise<void> {
    return this.redis.run(
      keepValueScript,
      { value: VERIFICATION_KEY },
      { value: JSON.stringify(verification) },
    );
  }
}
