import { signInKey } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import type { ScriptDefinition } from '../../redis/script/script.js';
import type { SignIns, TakenSignIn } from './sign-ins.port.js';

const saveScript: ScriptDefinition<void> = {
  name: 'save-sign-in',
  from: import.meta.url,
  keys: 1,
  parse: () => undefined,
};
const takeScript: ScriptDefinition<TakenSignIn> = {
  name: 'take-sign-in',
  from: import.meta.url,
  keys: 1,
  parse: ([tag, record]) => {
    if (Buffer.isBuffer(record)) return record;
    return String(tag) === 'WRONG' ? 'wrong-state' : undefined;
  },
};

/** Pending sign-ins, in Redis. */
export class RedisSignIns implements SignIns {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  save(id: Buffer, state: Buffer, record: Buffer, ttlMs: number): Promise<void> {
    return this.redis.run(saveScript, signInKey(id), state, record, ttlMs);
  }

  take(id: Buffer, state: Buffer): Promise<TakenSignIn> {
    return this.redis.run(takeScript, signInKey(id), state);
  }
}
