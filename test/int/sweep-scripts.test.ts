import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { RedisBlobOwners } from '../../src/files/sweep/redis-blob-owners.js';
import { fileKeys, secretKeys } from '../../src/redis/redis-keys.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { redisMatrix, startRedis } from '../support/redis-server.js';
import { keyspace } from './kit/portal.js';

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe.each(redisMatrix())('the scripts of the sweeper on $name', ({ version }) => {
  let db: Redis;
  let owners: RedisBlobOwners;

  beforeAll(async () => {
    const { url } = await startRedis({ version });
    db = new Redis(url);
    const flags = !version?.startsWith('6');
    owners = new RedisBlobOwners(new ScriptRunner(db, flags, () => undefined));
  });
  beforeEach(() => db.flushall());
  afterAll(() => db.disconnect());

  const newRef = (): Buffer => randomBytes(16);
  const put = (key: string): Promise<unknown> => db.set(key, 'x');

  it('find-blob-owner knows secrets and uploads, and changes nothing', async () => {
    const ref = newRef();
    const id = ref.toString('hex');
    expect(await owners.ownerOf(id)).toBeUndefined();
    await put(fileKeys(ref).upload);
    expect(await owners.ownerOf(id)).toBe('upload');
    await put(secretKeys(ref).record);
    const before = await keyspace(db);
    expect(await owners.ownerOf(id)).toBe('secret');
    await db.del(fileKeys(ref).upload);
    expect(await owners.ownerOf(id)).toBe('secret');
    expect(await owners.ownerOf(newRef().toString('hex'))).toBeUndefined();
    await put(fileKeys(ref).upload);
    expect(await keyspace(db)).toEqual(before);
  });

  it('sweep-files-index reads every secret of every bucket, page by page, and changes nothing', async () => {
    expect(await all(owners.expected())).toEqual([]);
    const refs = Array.from({ length: 20_000 }, newRef);
    const pipeline = db.pipeline();
    for (const ref of refs) pipeline.sadd(fileKeys(ref).index, ref.toString('hex'));
    await pipeline.exec();
    const before = await db.dbsize();
    const found = await all(owners.expected());
    expect([...new Set(found)].sort()).toEqual(refs.map((ref) => ref.toString('hex')).sort());
    expect(await db.dbsize()).toBe(before);
    const pages = await db.call('INFO', 'commandstats');
    expect(Number(/cmdstat_sscan:calls=(\d+)/.exec(String(pages))?.[1])).toBeGreaterThan(32);
  });

  it('sweep-forget-files keeps who lives, and takes out who does not', async () => {
    const [living, ended] = [newRef(), newRef()];
    for (const ref of [living, ended]) await db.sadd(fileKeys(ref).index, ref.toString('hex'));
    await put(secretKeys(living).record);
    const before = await keyspace(db);
    expect(await owners.forget(living.toString('hex'))).toBe(false);
    expect(await keyspace(db)).toEqual(before);
    expect(await owners.forget(ended.toString('hex'))).toBe(true);
    expect(await owners.forget(ended.toString('hex'))).toBe(true);
    expect(await all(owners.expected())).toEqual([living.toString('hex')]);
    expect(await db.exists(secretKeys(living).record)).toBe(1);
  });
});
