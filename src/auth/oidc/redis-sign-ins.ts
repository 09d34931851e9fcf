import { signInKey } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import { defineScript } from '../../redis/script/define-script.js';
import { bytesIn, noReply, tagOf } from '../../redis/script/script-reply.js';
import type { TakenSignIn } from './sign-ins.types.js';

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

/**
 * Keeps the state of a sign-in until the browser comes back from the provider. May throw
 * store_unavailable. Pending sign-ins, in Redis.
 */
export class RedisSignIns {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  /**
   * @param id 16 bytes: of the hash of the browser's cookie @param state 32 bytes: the hash of the expected
   * state
   * @param record sealed; the store cannot read it @param ttlMs until it expires
   */
  save(id: Buffer, state: Buffer, record: Buffer, ttlMs: number): Promise<void> {
    return this.redis.run(saveScript, { signIn: signInKey(id) }, { state, record, ttlMs });
  }

  /** Returns the record once, to the request with its state. */
  take(id: Buffer, state: Buffer): Promise<TakenSignIn> {
    return this.redis.run(takeScript, { signIn: signInKey(id) }, { state });
  }
}
