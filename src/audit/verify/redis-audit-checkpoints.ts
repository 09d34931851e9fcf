import { BUCKETS, outboxKeys, VERIFICATION_KEY } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import type { ScriptDefinition } from '../../redis/script/script.js';
import type { AuditCheckpoints } from './audit-checkpoints.port.js';
import type { Verification } from './verification.js';

export const readScript: ScriptDefinition<Buffer | null> = {
  name: 'read-value',
  from: new URL('../../redis/value/', import.meta.url).href,
  keys: 1,
  parse: ([value]) => (Buffer.isBuffer(value) ? value : null),
};
export const keepScript: ScriptDefinition<void> = {
  name: 'keep-value',
  from: new URL('../../redis/value/', import.meta.url).href,
  keys: 1,
  parse: () => undefined,
};

export class RedisAuditCheckpoints implements AuditCheckpoints {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  heads(): Promise<readonly (Buffer | null)[]> {
    return Promise.all(
      Array.from({ length: BUCKETS }, (_, bucket) => this.redis.run(readScript, outboxKeys(bucket).head)),
    );
  }

  async lastVerification(): Promise<Verification | undefined> {
    const text = await this.redis.run(readScript, VERIFICATION_KEY);
    // The stored value was written by the method below.
    return text === null ? undefined : (JSON.parse(text.toString('utf8')) as Verification);
  }

  keepVerification(verification: Verification): Promise<void> {
    return this.redis.run(keepScript, VERIFICATION_KEY, JSON.stringify(verification));
  }
}
