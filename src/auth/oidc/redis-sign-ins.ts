import { signInKey } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import { defineScript } from '../../redis/script/define-script.js';
import { bytesIn, noReply, tagOf } from '../../redis/script/script-reply.js';
import type { SignIns, TakenSignIn } from './sign-ins.port.js';

const saveScript = defineScript(import.meta.url, 'save-sign-in', {
  keys: ['signIn'],
  args: { state: 'text', record: 'text', ttlMs: 'number' },
  parse: noReply,
});
const takeScript = defineScript(import.meta.url, 'take-sign-in', {
  keys: ['signIn'],
  args: { state: 'text' },
  parse: (reply): TakenSignIn => {
    if (reply.length === 0) return undefined;
    return tagOf(reply) === 'WRONG' ? 'wrong-state' : bytesIn(reply[1]);
  },
});

/** Pending sign-ins, in Redis. */
export class RedisSignIns implements SignIns {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  save(id: Buffer, state: Buffer, record: Buffer, ttlMs: number): Promise<void> {
    return this.redis.run(saveScript, { signIn: signInKey(id) }, { state, record, ttlMs });
  }

  take(id: Buffer, state: Buffer): Promise<TakenSignIn> {
    return this.redis.run(takeScript, { signIn: signInKey(id) }, { state });
  }
}
