import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';

import { RedisUploadRecords } from '../../src/files/upload/record/redis-upload-records.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { connectTo } from './kit/portal.js';

const TTL = 60_000;
let redis: TestRedis;
let db: Redis;
let records: RedisUploadRecords;
let ref: Buffer;

beforeAll(async () => {
  redis = await startRedis();
  db = connectTo(redis);
  records = new RedisUploadRecords(new ScriptRunner(db, true, () => undefined));
});
beforeEach(async () => {
  await db.flushall();
  ref = randomBytes(16);
  ref[0] = 0x3f;
});
afterAll(async () => {
  db.disconnect();
  await redis.stop();
});

const key = () => `bb:{0f}:u:${ref.toString('hex')}`;
/** What Redis holds, as bytes, and for how many seconds at most, in tens. */
async function seen(): Promise<Record<string, [string, number]>> {
  const keys = await db.keys('*');
  const entries = keys.map(async (each) => {
    const value = (await db.getBuffer(each))?.toString('hex') ?? '';
    return [each, [value, 10 * Math.ceil((await db.pttl(each)) / 10_000)]] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<string, [string, number]>;
}

describe('the record of an upload', () => {
  const record = Buffer.from([0, 255, 1, 10, 13]);

  it('is saved byte by byte, in the bucket of its secret, for its time', async () => {
    await records.save(ref, record, TTL, 1);
    expect(await seen()).toEqual({ [key()]: ['00ff010a0d', 60] });
  });

  it('is read without a trace, and renewed only where that is asked', async () => {
    await records.save(ref, record, TTL, 1);
    await db.pexpire(key(), 30_000);
    expect(await records.find(ref)).toEqual(record);
    expect(await seen()).toEqual({ [key()]: ['00ff010a0d', 30] });
    expect(await records.find(ref, TTL)).toEqual(record);
    expect(await seen()).toEqual({ [key()]: ['00ff010a0d', 60] });
  });

  it('does not come into being by being looked for', async () => {
    expect(await records.find(ref)).toBeUndefined();
    expect(await records.find(ref, TTL)).toBeUndefined();
    expect(await seen()).toEqual({});
  });

  it('is dropped, once or again, and nothing else', async () => {
    await records.save(ref, record, TTL, 1);
    await db.set('bb:{0f}:u:other', 'x');
    await records.drop(ref);
    await records.drop(ref);
    expect(Object.keys(await seen())).toEqual(['bb:{0f}:u:other']);
  });
});
