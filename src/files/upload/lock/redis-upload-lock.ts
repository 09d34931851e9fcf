import { setTimeout as delay } from 'node:timers/promises';

import type { RandomSource } from '../../../crypto/random-source.port.js';
import { fileKeys } from '../../../redis/redis-keys.js';
import type { RedisService } from '../../../redis/redis.service.js';
import { defineScript } from '../../../redis/script/define-script.js';
import { tagOf } from '../../../redis/script/script-reply.js';
import type { UploadLock } from './upload-lock.port.js';

/** Time to live, in ms: how long a dead holder blocks others. */
const TTL_MS = 10_000;
/** Ms between polls: a holder learns that it is wanted, a waiter that the lock is free. */
const LOOK_MS = 250;
const TOKEN_BYTES = 8;

const takeLockScript = defineScript(import.meta.url, 'save-upload-lock', {
  keys: ['writer'],
  args: { token: 'text', ttlMs: 'number' },
  parse: tagOf,
});
const keepLockScript = defineScript(import.meta.url, 'touch-upload-lock', {
  keys: ['writer'],
  args: { token: 'text', ttlMs: 'number' },
  parse: tagOf,
});
const endLockScript = defineScript(import.meta.url, 'drop-upload-lock', {
  keys: ['writer'],
  args: { token: 'text' },
  parse: tagOf,
});

/**
 * A lock in Redis with a token and a time to live. It orders writers without a guarantee: a process that was
 * suspended for longer finds another writer, and the blob store then refuses its offset.
 */
export class RedisUploadLock implements UploadLock {
  constructor(
    private readonly redis: Pick<RedisService, 'run'>,
    private readonly random: RandomSource,
  ) {}

  async take(
    ref: Buffer,
    giveWay: () => void,
    patienceMs: number,
  ): Promise<(() => Promise<void>) | undefined> {
    const { writer } = fileKeys(ref);
    const token = this.random.bytes(TOKEN_BYTES).toString('hex');
    const until = performance.now() + patienceMs;
    while ((await this.redis.run(takeLockScript, { writer }, { token, ttlMs: TTL_MS })) !== 'OK') {
      if (performance.now() > until) return undefined;
      await delay(LOOK_MS);
    }
    const timer = setInterval(() => void this.keep(writer, token, giveWay), LOOK_MS).unref();
    return async () => {
      clearInterval(timer);
      await this.redis.run(endLockScript, { writer }, { token });
    };
  }

  private async keep(writer: string, token: string, giveWay: () => void): Promise<void> {
    try {
      if ((await this.redis.run(keepLockScript, { writer }, { token, ttlMs: TTL_MS })) !== 'OK') giveWay();
    } catch {
      // Redis is down, so waiters cannot ask it either; the next poll tells.
    }
  }
}
