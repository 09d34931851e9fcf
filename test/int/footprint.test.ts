import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { refOf } from '../../src/common/ids.js';
import { Keyring } from '../../src/crypto/keyring/keyring.js';
import { sealEnvelope } from '../../src/crypto/envelope/envelope.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { BUCKETS, outboxKeys, retiredKeysKey, secretKeys } from '../../src/redis/redis-keys.js';
import { createSecretScript } from '../../src/secrets/create/create.scripts.js';
import { encodeRecord, purposeOf } from '../../src/secrets/record/secret-record.js';
import { sizeOf } from '../support/full-run.js';
import { startRedis } from '../support/redis-server.js';

/** A quarter of the 100,000 that the promise is about fills Redis's tables as much; all of them on demand. */
const SECRETS = sizeOf('BB_FOOTPRINT_SECRETS', { ci: 25_000, full: 100_000 });
const CONTENT_BYTES = 100;
const AT_MOST = { memoryUsage: 320, growth: 450 };
const DAY = 86_400;
const AT_ONCE = 1_000;

let db: Redis;

beforeAll(async () => {
  const redis = await startRedis({ config: { appendfsync: 'everysec' } });
  db = new Redis(redis.url);
});
afterAll(() => db.disconnect());

const keyring = Keyring.of(1, randomBytes(32));
const facts = {
  passphraseRequired: false,
  sealed: false,
  maxViews: 1,
  ttlSeconds: DAY,
  expiresAt: Date.now() + DAY * 1000,
};

async function create(runner: ScriptRunner): Promise<string> {
  const id = randomBytes(16);
  const ref = refOf(id);
  const access = { id, ref, purpose: purposeOf(facts) };
  const envelope = sealEnvelope(keyring, { bytes: randomBytes }, randomBytes(CONTENT_BYTES), access);
  const { record, outbox } = secretKeys(ref);
  const bytes = encodeRecord(facts, envelope, ref);
  const keys = { record, outbox, retired: retiredKeysKey(ref[0]) };
  await runner.run(createSecretScript, keys, {
    origin: '[null,null,null]',
    record: bytes,
    ttlMs: DAY * 1000,
    facts: '{}',
    outboxMax: SECRETS,
    keyId: 1,
    madeAt: undefined,
    apartMs: 0,
  });
  return record;
}

async function usedMemory(): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await db.info('memory'))?.[1]);
}

describe('a secret of 100 bytes', () => {
  it(`takes at most ${AT_MOST.memoryUsage} bytes, and ${SECRETS} of them at most ${AT_MOST.growth} each`, async () => {
    const runner = new ScriptRunner(db, true, () => undefined);
    await create(runner);
    await db.flushall();
    const before = await usedMemory();
    const samples: string[] = [];
    for (let done = 0; done < SECRETS; done += AT_ONCE) {
      const keys = await Promise.all(Array.from({ length: AT_ONCE }, () => create(runner)));
      samples.push(...keys.slice(0, 10));
    }
    // Events wait only until the database has them, so they are not part of what a live secret costs.
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) await db.del(outboxKeys(bucket).outbox);
    expect(await db.dbsize()).toBe(SECRETS);
    // The client's buffers and the append-only file's are not part of a secret: Redis lets go of them after a while.
    const growthNow = async () => ((await usedMemory()) - before) / SECRETS;
    const since = Date.now();
    let growth = await growthNow();
    while (growth > AT_MOST.growth && Date.now() - since < 20_000) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      growth = await growthNow();
    }
    const usages = await Promise.all(samples.map((key) => db.memory('USAGE', key)));
    const memoryUsage = Math.max(...usages.map(Number));
    process.stdout.write(
      `footprint: ${memoryUsage} B by MEMORY USAGE, ${Math.round(growth)} B of used_memory each\n`,
    );
    expect(memoryUsage).toBeLessThanOrEqual(AT_MOST.memoryUsage);
    expect(growth).toBeLessThanOrEqual(AT_MOST.growth);
  });
});
