import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { readScript } from '../../src/redis/script/script-source.js';
import { redisMatrix, startRedis } from '../support/redis-server.js';
import { ScriptBench } from './kit/script-bench.js';

const LIVE = { state: 1, views: 1, leases: 0, minutes: 60 };
const VIEWED = { reason: 'viewed', minutes: 1440 };
const BURNED = { reason: 'burned', minutes: 1440 };
const CREATED = 'created {"kind":"text","size":26}';
const NOTHING = { record: 'none', tombstone: 'none' };
const claimA = randomBytes(16);
const claimB = randomBytes(16);

describe.each(redisMatrix())('every script on $name', ({ version }) => {
  let url: string;
  let db: Redis;
  let secret: ScriptBench;

  beforeAll(async () => {
    ({ url } = await startRedis({ version }));
    db = new Redis(url);
  });
  beforeEach(async () => {
    await db.flushall();
    secret = new ScriptBench(db);
  });
  afterAll(() => db.disconnect());

  it('create-secret stores once; the same bytes again are the same creation, others are not', async () => {
    const record = secret.record();
    expect(await secret.create(record)).toEqual({ kind: 'ok' });
    expect(await secret.create(record)).toEqual({ kind: 'ok' });
    expect(await secret.create(secret.record())).toEqual({ kind: 'exists' });
    expect(await db.getBuffer(secret.keys.record)).toEqual(record);
    expect(await secret.seen()).toEqual({ record: LIVE, tombstone: 'none' });
    expect(await secret.events()).toEqual([CREATED]);
  });

  it('create-secret refuses when the outbox is full, and stores nothing', async () => {
    const record = secret.record();
    await db.xadd(secret.keys.outbox, '*', 'any', 'event');
    expect(await secret.create(record, 1)).toEqual({ kind: 'backlog' });
    expect(await secret.seen()).toEqual(NOTHING);
    expect(await db.xlen(secret.keys.outbox)).toBe(1);
    expect(await secret.create(record, 2)).toEqual({ kind: 'ok' });
    expect(await secret.create(record, 1)).toEqual({ kind: 'ok' });
    expect(await secret.claim()).toMatchObject({ kind: 'ok' });
  });

  it('claim-secret without a claim: purges with the last view', async () => {
    await secret.create(secret.record({ maxViews: 2 }));
    expect(await secret.claim()).toMatchObject({
      kind: 'ok',
      viewsLeft: 1,
      leaseEnd: undefined,
      retried: false,
    });
    expect(await secret.seen()).toEqual({ record: LIVE, tombstone: 'none' });
    expect(await secret.claim()).toMatchObject({ kind: 'ok', viewsLeft: 0 });
    expect(await secret.seen()).toEqual({ record: 'none', tombstone: VIEWED });
    expect(await secret.claim()).toMatchObject({ kind: 'gone', reason: 'viewed' });
    expect(await secret.events()).toEqual([CREATED, 'viewed {"viewsLeft":1}', 'viewed {"viewsLeft":0}']);
  });

  it('claim-secret with a claim: keeps the record for the lease, hands it to that claim only', async () => {
    const record = secret.record();
    await secret.create(record);
    expect(await secret.claim({ claim: claimA })).toMatchObject({
      kind: 'ok',
      record,
      viewsLeft: 0,
      retried: false,
    });
    const leased = { record: { state: 2, views: 0, leases: 1, minutes: 1 }, tombstone: VIEWED };
    expect(await secret.seen()).toEqual(leased);
    const again = await secret.claim({ claim: claimA });
    expect(again).toMatchObject({ kind: 'ok', viewsLeft: 0, retried: true });
    expect(again.kind === 'ok' && again.record.subarray(24)).toEqual(record.subarray(24));
    expect(await secret.claim({ claim: claimB })).toMatchObject({ kind: 'gone', reason: 'viewed' });
    expect(await secret.claim()).toMatchObject({ kind: 'gone' });
    expect(await secret.burn()).toMatchObject({ kind: 'gone' });
    expect(await secret.seen()).toEqual(leased);
    expect(await secret.events()).toEqual([CREATED, 'viewed {"viewsLeft":0}', 'view_retried']);
  });

  it('claim-secret refuses an unknown key, a missing and a wrong verifier before any write', async () => {
    const record = secret.guarded();
    await secret.create(record);
    const { verifier } = secret;
    const other = Buffer.from([0, 0, 0, 2]);
    expect(await secret.claim({ verifier, ids: other })).toEqual({ kind: 'unknown-key' });
    expect(await secret.claim()).toEqual({ kind: 'guard-required', sealed: false });
    expect(await db.getBuffer(secret.keys.record)).toEqual(record);
    expect(await secret.events()).toEqual([CREATED]);
    for (const attemptsLeft of [4, 3, 2, 1]) {
      const refused = await secret.claim({ verifier: randomBytes(32) });
      expect(refused).toEqual({ kind: 'guard-wrong', sealed: false, attemptsLeft });
      expect((await secret.seen()).record).toEqual({ ...LIVE, attempts: 5 - attemptsLeft });
    }
    expect(await secret.claim({ verifier: randomBytes(32) })).toMatchObject({ attemptsLeft: 0 });
    expect(await secret.claim({ verifier })).toMatchObject({ kind: 'locked' });
    expect(await secret.burn({ verifier })).toMatchObject({ kind: 'locked' });
    expect(await secret.seen()).toEqual({ record: { ...LIVE, attempts: 0 }, tombstone: 'none' });
    const failed = [4, 3, 2, 1, 0].map((left) => `attempt_failed {"attemptsLeft":${left}}`);
    expect(await secret.events()).toEqual([
      CREATED,
      ...failed,
      expect.stringMatching(/^locked \{"until":\d{13}\}$/),
    ]);
  });

  it('a wrong proof changes nothing, so it leaves no event', async () => {
    await secret.create(secret.record({ sealed: true, verifier: secret.verifier }));
    for (let guess = 0; guess < 10; guess += 1) {
      expect(await secret.claim({ verifier: randomBytes(32) })).toMatchObject({ kind: 'guard-wrong' });
    }
    expect(await secret.events()).toEqual([CREATED]);
  });

  it('claim-secret resets the attempts with the right verifier', async () => {
    await secret.create(secret.guarded({ maxViews: 2 }));
    await secret.claim({ verifier: randomBytes(32) });
    expect(await secret.claim({ verifier: secret.verifier })).toMatchObject({ kind: 'ok', viewsLeft: 1 });
    expect((await secret.seen()).record).toEqual({ ...LIVE, attempts: 0 });
  });

  it('acknowledge-secret ends one lease, and purges with the last', async () => {
    await secret.create(secret.record({ maxViews: 2 }));
    expect(await secret.acknowledge(claimA)).toEqual({ kind: 'none' });
    await secret.claim({ claim: claimA });
    await secret.claim({ claim: claimB });
    expect(await secret.acknowledge(randomBytes(16))).toEqual({ kind: 'none' });
    expect(await secret.acknowledge(claimA)).toEqual({ kind: 'ok', purged: false });
    expect(await secret.acknowledge(claimA)).toEqual({ kind: 'none' });
    expect((await secret.seen()).record).toMatchObject({ state: 2, views: 0, minutes: 1 });
    expect(await secret.acknowledge(claimB)).toEqual({ kind: 'ok', purged: true });
    expect(await secret.seen()).toEqual({ record: 'none', tombstone: VIEWED });
    expect(await secret.acknowledge(claimB)).toMatchObject({ kind: 'gone' });
    expect((await secret.events()).slice(-2)).toEqual([
      'acknowledged {"purged":false}',
      'acknowledged {"purged":true}',
    ]);
  });

  it('burn-secret asks for the guard, unless a receipt authorises it', async () => {
    await secret.create(secret.guarded());
    expect(await secret.burn()).toMatchObject({ kind: 'guard-required' });
    expect(await secret.burn({ verifier: randomBytes(32) })).toMatchObject({ attemptsLeft: 4 });
    expect(await secret.burn({ verifier: secret.verifier })).toEqual({ kind: 'ok' });
    expect(await secret.seen()).toEqual({ record: 'none', tombstone: BURNED });
    expect(await secret.burn({ receipt: true })).toMatchObject({ kind: 'gone', reason: 'burned' });
    const failed = 'attempt_failed {"attemptsLeft":4}';
    expect(await secret.events()).toEqual([CREATED, failed, 'burned {"by":"reader"}']);
    await db.flushall();
    await secret.create(secret.guarded());
    expect(await secret.burn({ receipt: true })).toEqual({ kind: 'ok' });
    expect(await secret.seen()).toEqual({ record: 'none', tombstone: BURNED });
    expect(await secret.events()).toEqual([CREATED, 'burned {"by":"sender"}']);
  });

  it('burn-secret needs no guard for an administrator', async () => {
    await secret.create(secret.guarded());
    expect(await secret.burn({ admin: true })).toEqual({ kind: 'ok' });
    expect(await secret.seen()).toEqual({ record: 'none', tombstone: BURNED });
    expect(await secret.events()).toEqual([CREATED, 'burned {"by":"administrator"}']);
  });

  it('unlock-secret ends a lock and forgets the attempts, with one event for what it changed', async () => {
    const { verifier } = secret;
    const unlocked = 'unlocked {"by":"administrator"}';
    const wrong = () => secret.claim({ verifier: randomBytes(32) });
    await secret.create(secret.guarded());
    const record = await db.getBuffer(secret.keys.record);
    expect(await secret.unlock()).toEqual({ kind: 'ok', changed: false });
    expect(await secret.events()).toEqual([CREATED]);
    await wrong();
    expect(await secret.unlock()).toEqual({ kind: 'ok', changed: true });
    expect(await db.getBuffer(secret.keys.record)).toEqual(record);
    for (let guess = 0; guess < 5; guess += 1) await wrong();
    expect(await secret.claim({ verifier })).toMatchObject({ kind: 'locked' });
    expect(await secret.unlock()).toEqual({ kind: 'ok', changed: true });
    expect(await secret.unlock()).toEqual({ kind: 'ok', changed: false });
    expect(await db.getBuffer(secret.keys.record)).toEqual(record);
    expect(await secret.seen()).toEqual({ record: { ...LIVE, attempts: 0 }, tombstone: 'none' });
    const events = await secret.events();
    expect(events.filter((event) => event.startsWith('unlocked'))).toEqual([unlocked, unlocked]);
    expect(await secret.claim({ verifier })).toMatchObject({ kind: 'ok' });
    expect(await secret.unlock()).toMatchObject({ kind: 'gone', reason: 'viewed' });
    expect(await secret.events()).toHaveLength(events.length + 1);
  });

  it('unlock-secret leaves alone what has no passphrase, is damaged, or only its reader may fetch again', async () => {
    await secret.create(secret.record());
    expect(await secret.unlock()).toEqual({ kind: 'ok', changed: false });
    await secret.claim({ claim: claimA });
    const record = await db.getBuffer(secret.keys.record);
    expect(await secret.unlock()).toMatchObject({ kind: 'gone', reason: 'viewed' });
    expect(await db.getBuffer(secret.keys.record)).toEqual(record);
    await db.setrange(secret.keys.record, 3, '\u0001');
    expect(await secret.unlock()).toEqual({ kind: 'damaged' });
    expect(await secret.events()).toEqual([CREATED, 'viewed {"viewsLeft":0}']);
  });

  it('expire-secret records an end once, and only where there is none', async () => {
    const at = Date.now() - 5_000;
    await secret.create(secret.record());
    expect(await secret.expire(at)).toBe(false);
    expect(await secret.seen()).toEqual({ record: LIVE, tombstone: 'none' });
    await db.del(secret.keys.record);
    expect(await secret.expire(at)).toBe(true);
    expect(await secret.expire(at)).toBe(false);
    expect(await secret.seen()).toEqual({ record: 'none', tombstone: { reason: 'expired', minutes: 1440 } });
    expect(await secret.claim()).toEqual({ kind: 'gone', reason: 'expired', at });
    expect(await secret.events()).toEqual([CREATED, 'expired ["system",null,null]']);
    await db.flushall();
    await secret.create(secret.record());
    await secret.claim();
    expect(await secret.expire(at)).toBe(false);
    expect(await secret.seen()).toEqual({ record: 'none', tombstone: VIEWED });
  });

  it('look-secret touches nothing', async () => {
    const record = secret.guarded({ sealed: true });
    await secret.create(record);
    expect(await secret.look()).toMatchObject({
      kind: 'ok',
      envelopeBytes: 126,
      head: record.subarray(0, 63),
    });
    expect(await secret.seen()).toEqual({ record: { ...LIVE, attempts: 0 }, tombstone: 'none' });
  });

  it('each says that there is nothing, and leaves nothing', async () => {
    const replies = [
      await secret.claim(),
      await secret.acknowledge(claimA),
      await secret.burn(),
      await secret.unlock(),
      await secret.look(),
    ];
    expect(replies).toEqual(replies.map(() => ({ kind: 'missing' })));
    expect(await secret.seen()).toEqual(NOTHING);
  });

  it('each works for a user who may touch the declared keys and no other', async () => {
    const { record, tombstone, outbox } = secret.keys;
    await db.call(
      'ACL',
      'SETUSER',
      'bounded',
      'on',
      '>pw',
      'resetkeys',
      `~${record}`,
      `~${tombstone}`,
      `~${outbox}`,
      `~${secret.retired}`,
      '+@all',
    );
    const bounded = new Redis(url, { username: 'bounded', password: 'pw' });
    const bench = new ScriptBench(bounded);
    Object.assign(bench, {
      ref: secret.ref,
      keys: secret.keys,
      retired: secret.retired,
      verifier: secret.verifier,
    });
    await bench.create(bench.record({ maxViews: 3 }));
    await bench.claim({ claim: claimA });
    await bench.claim();
    await bench.claim();
    await bench.look();
    expect(await bench.acknowledge(claimA)).toMatchObject({ purged: true });
    await bench.create(bench.guarded());
    await bench.claim({ verifier: randomBytes(32) });
    expect(await bench.unlock()).toMatchObject({ changed: true });
    expect(await bench.burn({ receipt: true })).toEqual({ kind: 'ok' });
    await expect(bounded.get('bb:{00}:keys')).rejects.toThrow('NOPERM');
    bounded.disconnect();
  });

  it('each runs without its flags, as servers before Redis 7 need it', async () => {
    const old = new ScriptBench(db, new ScriptRunner(db, false, () => undefined));
    await old.create(old.record());
    expect(await old.claim({ claim: claimA })).toMatchObject({ kind: 'ok' });
    expect(await old.look()).toMatchObject({ kind: 'ok' });
    expect(await old.acknowledge(claimA)).toMatchObject({ purged: true });
    expect(await old.unlock()).toMatchObject({ kind: 'gone' });
    expect(await old.burn()).toMatchObject({ kind: 'gone' });
  });
});

describe('every script', () => {
  const folder = new URL('../../src/', import.meta.url);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.lua') && !path.includes('/include/'),
  );

  it('is found', () => {
    expect(paths.length).toBeGreaterThan(50);
  });

  it.each(paths)('%s works in a full Redis, unless it stores something new', (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1, -'.lua'.length);
    const { text } = readScript(name, new URL(path, folder).href);
    // All but a creation: opening, burning, and the relay, whose work makes room.
    const creates = /^(create-(secret|files|token)$|(save|touch)-upload)/.test(name);
    expect(/^#!lua flags=(allow-oom|no-writes)\n/.test(text)).toBe(!creates);
  });
});
