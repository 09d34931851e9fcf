import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';

import { systemRandom } from '../../src/crypto/random-source.port.js';
import { RedisUploadLock } from '../../src/files/upload/lock/redis-upload-lock.js';
import { UploadMutex } from '../../src/files/upload/lock/upload-mutex.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { connectTo } from './kit/portal.js';

let redis: TestRedis;
let db: Redis;
let one: UploadMutex;
let other: UploadMutex;

/** What another process has. */
function turns(): UploadMutex {
  return new UploadMutex(new RedisUploadLock(new ScriptRunner(db, true, () => undefined), systemRandom));
}

beforeAll(async () => {
  redis = await startRedis();
  db = connectTo(redis);
  one = turns();
  other = turns();
});
afterEach(async () => {
  const left = await db.keys('*');
  if (left.length > 0) throw new Error(`turns were left behind: ${left.join(' ')}`);
});
afterAll(async () => {
  db.disconnect();
  await redis.stop();
});

const never = (): void => undefined;

/** Holds a turn until it is asked to leave. @returns when it has it, and its end */
async function hold(
  where: UploadMutex,
  uploadId: string,
): Promise<{ ended: Promise<number>; asked: () => number }> {
  let asked = 0;
  const leave = Promise.withResolvers<number>();
  const begun = Promise.withResolvers<void>();
  const giveWay = (): void => {
    asked += 1;
    leave.resolve(performance.now());
  };
  const ended = where.run(uploadId, giveWay, () => {
    begun.resolve();
    return leave.promise;
  });
  await begun.promise;
  return { ended, asked: () => asked };
}

describe('the turns of an upload', () => {
  it('yield to the last writer, in the same process and in another', async () => {
    for (const next of [one, other]) {
      const uploadId = randomUUID();
      const held = await hold(one, uploadId);
      const since = performance.now();
      await next.run(uploadId, never, () => Promise.resolve());
      await held.ended;
      expect(performance.now() - since).toBeLessThan(8_000);
      expect(held.asked()).toBeGreaterThan(0);
    }
  });

  it('are never two at a time', async () => {
    const uploadId = randomUUID();
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await delay(5);
      running -= 1;
    };
    const all = Array.from({ length: 12 }, (_, at) =>
      (at % 2 === 0 ? one : other).run(uploadId, never, work),
    );
    await Promise.all(all);
    expect(most).toBe(1);
  });

  it('of different uploads do not wait for each other', async () => {
    const first = await hold(one, randomUUID());
    const ids = [randomUUID(), randomUUID()];
    expect(await Promise.all(ids.map((id) => other.run(id, never, () => Promise.resolve(id))))).toEqual(ids);
    expect(first.asked()).toBe(0);
    // Its end is the test's.
    const [key = ''] = await db.keys('*');
    await db.setrange(key, 16, '!');
    await first.ended;
  });

  it('of a process that died are over by themselves', async () => {
    const uploadId = randomUUID();
    const held = await hold(one, uploadId);
    const [key = ''] = await db.keys('*');
    expect(await db.pttl(key)).toBeLessThanOrEqual(10_000);
    // As if it had expired and another writer had come: it must yield, and must not end the other's turn.
    await db.set(key, 'f'.repeat(16));
    await held.ended;
    expect(await db.get(key)).toBe('f'.repeat(16));
    await db.pexpire(key, 300);
    await other.run(uploadId, never, () => Promise.resolve());
  });
});
