import { adminSignInKeys } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import { defineScript } from '../../redis/script/define-script.js';
import { integerIn, noReply, tagOf, unknownTag } from '../../redis/script/script-reply.js';
import type { SignInTry } from './sign-in-throttle.types.js';

/** Attempts from one IP address in the window below. */
export const TRIES_OF_ADDRESS = 5;
/**
 * For one name, from all IP addresses that have never signed in: 960 guesses a day, of a password of 12
 * characters.
 */
export const TRIES_OF_NAME = 10;
export const LOCK_MS = 15 * 60_000;
/** How long an IP address is known for a sign-in. */
const KNOWN_MS = 30 * 86_400_000;

const beginScript = defineScript(import.meta.url, 'begin-admin-sign-in', {
  keys: ['name', 'address', 'known'],
  args: { nameTries: 'number', addressTries: 'number', windowMs: 'number' },
  parse: (reply): number | undefined => {
    const tag = tagOf(reply);
    if (tag === 'OK') return undefined;
    if (tag !== 'LOCKED') throw unknownTag(tag);
    return integerIn(reply[1]);
  },
});
const endScript = defineScript(import.meta.url, 'end-admin-sign-in', {
  keys: ['name', 'address', 'known'],
  args: { knownMs: 'number' },
  parse: noReply,
});
const undoScript = defineScript(import.meta.url, 'undo-admin-sign-in', {
  keys: ['address'],
  args: {},
  parse: noReply,
});

/**
 * Limits guessing. Each method throws ProblemError store_unavailable when the store is down: every guess
 * is counted. Counts in Redis, so that all replicas share one count.
 */
export class RedisSignInThrottle {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  /**
   * Counts an attempt before its password is checked. @returns ms to wait when it is refused, else undefined
   */
  begin({ name, address }: SignInTry): Promise<number | undefined> {
    return this.redis.run(beginScript, adminSignInKeys(name, address), {
      nameTries: TRIES_OF_NAME,
      addressTries: TRIES_OF_ADDRESS,
      windowMs: LOCK_MS,
    });
  }

  /** The password was right. */
  succeeded({ name, address }: SignInTry): Promise<void> {
    return this.redis.run(endScript, adminSignInKeys(name, address), { knownMs: KNOWN_MS });
  }

  /** The password was not checked. */
  undo({ name, address }: SignInTry): Promise<void> {
    return this.redis.run(undoScript, adminSignInKeys(name, address), {});
  }
}
