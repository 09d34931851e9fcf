import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { redisMatrix, startRedis } from '../support/redis-server.js';
import { FILES_LEASE_MS, FILES_MOST_MS, ScriptBench, TTL_SECONDS } from './kit/script-bench.js';

const files = { count: 3, bytes: 12_000_000, payloadBytes: 12_000_500 };
const CREATED = 'created {"kind":"text","size":26}';
const claimA = randomBytes(16);
const claimB = randomBytes(16);

describe.each(redisMatrix())('the scripts of files on $name', ({ version }) => {
  let db: Redis;
  let secret: ScriptBench;

  beforeAll(async () => {
    const { url } = await startRedis({ version });
    db = new Redis(url);
  });
  beforeEach(async () => {
    await db.flushall();
    secret = new ScriptBench(db);
    await db.set(secret.fileKeys.upload, 'an upload');
  });
  afterAll(() => db.disconnect());

  const inIndex = () => db.smembers(secret.fileKeys.index);
  const leaseEnd = async (taken: ReturnType<ScriptBench['claim']>): Promise<number> => {
    const view = await taken;
    if (view.kind !== 'ok' || view.leaseEnd === undefined) throw new Error(`no lease: ${view.kind}`);
    return view.leaseEnd;
  };
  const renewedTo = async (claim: Buffer, lease?: number): Promise<number> => {
    const renewed = await secret.renew(claim, lease);
    if (renewed.kind !== 'ok') throw new Error(`no lease: ${renewed.kind}`);
    return renewed.leaseEnd;
  };
  const now = async () => {
    const [seconds = 0, micros = 0] = await db.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  };

  it('create-files turns an upload into a secret, once, and knows that it has a blob', async () => {
    const record = secret.record({ files });
    expect(await secret.createFiles(record)).toEqual({ kind: 'ok' });
    expect(await secret.createFiles(record)).toEqual({ kind: 'ok' });
    expect(await secret.createFiles(secret.record({ files }))).toEqual({ kind: 'exists' });
    expect(await inIndex()).toEqual([secret.ref.toString('hex')]);
    expect(await db.exists(secret.fileKeys.upload)).toBe(0);
    expect(await db.pttl(secret.keys.record)).toBeGreaterThan(TTL_SECONDS * 1000 - 5_000);
    expect(await secret.events()).toEqual([CREATED]);
  });

  it('create-files never brings back what was opened meanwhile, and makes nothing without an upload', async () => {
    const record = secret.record({ files });
    await secret.createFiles(record);
    await secret.burn();
    expect(await secret.createFiles(record)).toEqual({ kind: 'no-upload' });
    expect(await secret.claim({ claim: claimA })).toMatchObject({ kind: 'gone', reason: 'burned' });
    expect(await secret.events()).toEqual([CREATED, 'burned {"by":"reader"}']);
  });

  it('create-files keeps the upload when the trail is too far behind', async () => {
    await db.xadd(secret.keys.outbox, '*', 'any', 'event');
    const record = secret.record({ files });
    expect(await secret.createFiles(record, 1)).toEqual({ kind: 'backlog' });
    expect([await inIndex(), await db.get(secret.fileKeys.upload)]).toEqual([[], 'an upload']);
    expect(await secret.createFiles(record, 2)).toEqual({ kind: 'ok' });
  });

  it.each([
    ['plain', {}],
    ['guarded', { passphraseRequired: true }],
  ])('claim-secret asks for a claim before anything is spent (%s)', async (_, facts) => {
    const verifier = 'passphraseRequired' in facts ? secret.verifier : undefined;
    await secret.createFiles(secret.record({ ...facts, verifier, files }));
    const offer = { verifier: verifier ?? '' };
    expect(await secret.claim(offer)).toEqual({ kind: 'claim-required' });
    expect(await secret.look()).toMatchObject({ kind: 'ok', openedAt: undefined });
    expect(await secret.claim({ ...offer, claim: claimA })).toMatchObject({ kind: 'ok', viewsLeft: 0 });
    expect(await secret.claim({ ...offer, claim: claimB })).toMatchObject({ kind: 'gone' });
  });

  it('renews the lease with every piece, without an event for it, up to its longest', async () => {
    await secret.createFiles(secret.record({ files }));
    const most = 100_000;
    const begun = await now();
    const first = await leaseEnd(secret.claim({ claim: claimA, filesLease: 20_000, filesMost: most }));
    expect(first).toBeGreaterThanOrEqual(begun + 20_000);
    const second = await leaseEnd(secret.claim({ claim: claimA, filesLease: 50_000, quiet: true }));
    expect(second).toBeGreaterThan(first);
    const third = await renewedTo(claimA, FILES_LEASE_MS);
    expect(third).toBeGreaterThan(second);
    expect(third).toBeLessThanOrEqual((await now()) + most);
    expect(await leaseEnd(secret.claim({ claim: claimA, quiet: true }))).toBe(third);
    expect(await db.pexpiretime(secret.keys.record)).toBe(third);
    expect(await secret.renew(claimB)).toMatchObject({ kind: 'gone', reason: 'viewed' });
    expect(await secret.events()).toEqual([CREATED, 'viewed {"viewsLeft":0}']);
    await leaseEnd(secret.claim({ claim: claimA }));
    expect(await secret.events()).toContain('view_retried');
  });

  it('never makes a lease shorter by renewing it, nor longer than the secret while views are left', async () => {
    await secret.createFiles(secret.record({ files, maxViews: 2 }));
    const first = await leaseEnd(secret.claim({ claim: claimA }));
    expect(await renewedTo(claimA, 1)).toBe(first);
    const ends = await db.pexpiretime(secret.keys.record);
    expect(await renewedTo(claimA, FILES_MOST_MS)).toBeLessThanOrEqual(ends);
    expect(await db.pexpiretime(secret.keys.record)).toBe(ends);
    await leaseEnd(secret.claim({ claim: claimB }));
    expect(await secret.acknowledge(claimA)).toMatchObject({ kind: 'ok', purged: false });
    expect(await secret.renew(claimA)).toMatchObject({ kind: 'gone' });
    expect(await secret.acknowledge(claimB)).toMatchObject({ kind: 'ok', purged: true });
    expect(await secret.claim({ claim: claimA })).toMatchObject({ kind: 'gone' });
  });

  it('renew-lease leaves secrets of text alone', async () => {
    await secret.create(secret.record());
    const first = await leaseEnd(secret.claim({ claim: claimA }));
    expect(await secret.renew(claimA)).toEqual({ kind: 'missing' });
    expect(await db.pexpiretime(secret.keys.record)).toBe(first);
  });

  it('renew-lease tells the end of a secret, and writes nothing for a claim without a lease', async () => {
    expect(await secret.renew(claimA)).toEqual({ kind: 'missing' });
    await secret.createFiles(secret.record({ files, maxViews: 2 }));
    await leaseEnd(secret.claim({ claim: claimA }));
    const before = await db.dump(secret.keys.record);
    expect(await secret.renew(claimB)).toEqual({ kind: 'none' });
    expect(await db.dump(secret.keys.record)).toEqual(before);
    const record = await db.getBuffer(secret.keys.record);
    record?.writeUInt8(9, 3);
    await db.set(secret.keys.record, record ?? '', 'KEEPTTL');
    expect(await secret.renew(claimA)).toEqual({ kind: 'damaged' });
    await db.del(secret.keys.record);
    await db.set(secret.keys.tombstone, Buffer.from([1, 2, 0, 0, 0, 0, 0, 9]));
    expect(await secret.renew(claimA)).toEqual({ kind: 'gone', reason: 'burned', at: 9 });
  });

  it('claim-secret keeps files for as long as their payload takes at the slowest rate and one lease more', async () => {
    await secret.createFiles(secret.record({ files, maxViews: 2 }));
    const begun = await now();
    const minRate = 12_000;
    const first = await leaseEnd(secret.claim({ claim: claimA, minRate }));
    // 12,000,500 bytes.
    expect(first - begun).toBeGreaterThanOrEqual(FILES_LEASE_MS + 1_000_042);
    expect(first - begun).toBeLessThan(FILES_LEASE_MS + 1_010_000);
    const again = await leaseEnd(secret.claim({ claim: claimA, minRate, quiet: true }));
    expect(again).toBeGreaterThanOrEqual(first);
    const most = await now();
    const capped = await leaseEnd(secret.claim({ claim: claimB, minRate: 1, filesMost: 900_000 }));
    expect(capped - most).toBeLessThan(910_000);
    const renewed = await renewedTo(claimB, FILES_MOST_MS);
    expect(renewed).toBe(capped);
  });

  it('finds a flipped bit in the clear facts of files before a view is spent', async () => {
    const record = secret.record({ files });
    for (let at = 24; at < 38; at++) {
      const flipped = Buffer.from(record);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
      await db.set(secret.keys.record, flipped);
      expect(await secret.claim({ claim: claimA })).toEqual({ kind: 'damaged' });
    }
    await db.set(secret.keys.record, record);
    expect(await secret.claim({ claim: claimA })).toMatchObject({ kind: 'ok' });
  });
});
