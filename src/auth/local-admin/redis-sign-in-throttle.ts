import { adminSignInKeys } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import type { ScriptDefinition, ScriptReply } from '../../redis/script/script.js';
import type { SignInThrottle, SignInTry } from './sign-in-throttle.port.js';

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

function waitOf([tag, wait]: ScriptReply): number | undefined {
  const word = Buffer.isBuffer(tag) ? tag.toString('latin1') : '';
  if (word === 'OK') return undefined;
  if (word !== 'LOCKED' || typeof wait !== 'number')
    throw new TypeError(`a script answered with an unknown tag: ${word}`);
  return wait;
}

const beginScript: ScriptDefinition<number | undefined> = {
  name: 'begin-admin-sign-in',
  from: import.meta.url,
  keys: 3,
  parse: waitOf,
};
const endScript: ScriptDefinition<void> = {
  name: 'end-admin-sign-in',
  from: import.meta.url,
  keys: 3,
  parse: () => undefined,
};
const undoScript: ScriptDefinition<void> = {
  name: 'undo-admin-sign-in',
  from: import.meta.url,
  keys: 1,
  parse: () => undefined,
};

/** Counts in Redis, so that all replicas share one count. */
export class RedisSignInThrottle implements SignInThrottle {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  begin({ name, address }: SignInTry): Promise<number | undefined> {
    const keys = adminSignInKeys(name, address);
    return this.redis.run(
      beginScript,
      keys.account,
      keys.address,
      keys.known,
      TRIES_OF_NAME,
      TRIES_OF_ADDRESS,
      LOCK_MS,
    );
  }

  succeeded({ name, address }: SignInTry): Promise<void> {
    const keys = adminSignInKeys(name, address);
    return this.redis.run(endScript, keys.account, keys.address, keys.known, KNOWN_MS);
  }

  undo({ name, address }: SignInTry): Promise<void> {
    return this.redis.run(undoScript, adminSignInKeys(name, address).address);
  }
}
