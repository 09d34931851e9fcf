import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { redisMatrix, startRedis } from '../support/redis-server.js';
import { ScriptBench } from './kit/script-bench.js';

const LIVE = { state: 1, views: 1, leases: 0, minutes: 60 };
const GUARDED = { ...LIVE, attempts: 0 };
const CREATED = 'created {"kind":"text","size":26}';
const TURNED_AWAY = 'attempt_failed {"reason":"not_recipient"}';
const alice = randomBytes(16);
const bob = randomBytes(16);
const mallory = randomBytes(16);
const claim = randomBytes(16);
const recipients = Buffer.concat([alice, bob]);

describe.each(redisMatrix())('a record with recipients on $name', ({ version }) => {
  let db: Redis;
  let secret: ScriptBench;

  beforeAll(async () => {
    const { url } = await startRedis({ version });
    db = new Redis(url);
  });
  beforeEach(async () => {
    await db.flushall();
    secret = new ScriptBench(db);
  });
  afterAll(() => db.disconnect());

  it.each([alice, bob])('opens for each of them', async (reader) => {
    const record = secret.record({ recipients });
    await secret.create(record);
    expect(await secret.claim({ reader })).toMatchObject({ kind: 'ok', record, viewsLeft: 0 });
    expect(await secret.seen()).toEqual({ record: 'none', tombstone: { reason: 'viewed', minutes: 1440 } });
  });

  it('refuses other readers before all other checks, and changes nothing', async () => {
    const record = secret.guarded({ recipients });
    await secret.create(record);
    const { verifier } = secret;
    const unknownKey = { ids: Buffer.from([0, 0, 0, 2]) };
    for (const offer of [{}, { verifier }, { verifier: randomBytes(32) }, { claim }, unknownKey]) {
      expect(await secret.claim({ ...offer, reader: mallory })).toEqual({ kind: 'not-recipient' });
      expect(await secret.claim(offer)).toEqual({ kind: 'sign-in-required' });
    }
    expect(await secret.burn({ verifier, reader: mallory })).toEqual({ kind: 'not-recipient' });
    expect(await secret.burn({ verifier })).toEqual({ kind: 'sign-in-required' });
    expect(await db.getBuffer(secret.keys.record)).toEqual(record);
    expect(await secret.seen()).toEqual({ record: GUARDED, tombstone: 'none' });
    expect(await secret.events()).toEqual([CREATED, ...Array.from({ length: 6 }, () => TURNED_AWAY)]);
    expect(await secret.claim({ verifier, reader: alice })).toMatchObject({ kind: 'ok' });
  });

  it('hides a lock from other readers, and counts no attempt of theirs', async () => {
    await secret.create(secret.guarded({ recipients }));
    const verifier = randomBytes(32);
    for (let tries = 0; tries < 7; tries += 1) await secret.claim({ verifier, reader: mallory });
    expect(await secret.claim({ verifier, reader: alice })).toMatchObject({ attemptsLeft: 4 });
    for (let tries = 0; tries < 4; tries += 1) await secret.claim({ verifier, reader: alice });
    expect(await secret.claim({ verifier, reader: alice })).toMatchObject({ kind: 'locked' });
    expect(await secret.claim({ verifier, reader: mallory })).toEqual({ kind: 'not-recipient' });
  });

  it('checks the recipient again when the claim is repeated', async () => {
    await secret.create(secret.record({ recipients }));
    expect(await secret.claim({ claim, reader: alice })).toMatchObject({ kind: 'ok' });
    expect(await secret.claim({ claim, reader: mallory })).toEqual({ kind: 'not-recipient' });
    expect(await secret.claim({ claim })).toEqual({ kind: 'sign-in-required' });
    expect(await secret.claim({ claim, reader: alice })).toMatchObject({ kind: 'ok', retried: true });
    expect(await secret.claim({ claim: randomBytes(16), reader: alice })).toMatchObject({ kind: 'gone' });
  });

  it('demands them for files, quiet or not', async () => {
    const files = { count: 1, bytes: 1, payloadBytes: 1 };
    await db.set(secret.fileKeys.upload, 'arriving');
    await secret.createFiles(secret.record({ recipients, files }));
    expect(await secret.claim({ claim, reader: mallory, quiet: true })).toEqual({ kind: 'not-recipient' });
    expect(await secret.claim({ claim, reader: bob, quiet: true })).toMatchObject({ kind: 'ok' });
    expect(await secret.claim({ claim, reader: mallory, quiet: true })).toEqual({ kind: 'not-recipient' });
    expect(await secret.events()).toEqual([CREATED, TURNED_AWAY, 'viewed {"viewsLeft":0}', TURNED_AWAY]);
  });

  it('is burned by one of them, or by its sender without being one', async () => {
    await secret.create(secret.record({ recipients }));
    expect(await secret.burn({ reader: bob })).toEqual({ kind: 'ok' });
    await db.flushall();
    await secret.create(secret.record({ recipients }));
    expect(await secret.burn({ receipt: true })).toEqual({ kind: 'ok' });
    expect(await secret.seen()).toEqual({ record: 'none', tombstone: { reason: 'burned', minutes: 1440 } });
  });

  it('reject-recipient records other readers, and no recipient', async () => {
    const record = secret.record({ recipients });
    await secret.create(record);
    expect(await secret.rejectRecipient(mallory)).toBe(true);
    expect(await secret.rejectRecipient(alice)).toBe(false);
    expect(await db.getBuffer(secret.keys.record)).toEqual(record);
    expect(await secret.events()).toEqual([CREATED, TURNED_AWAY]);
    await db.flushall();
    expect(await secret.rejectRecipient(mallory)).toBe(false);
    await secret.create(secret.record());
    expect(await secret.rejectRecipient(mallory)).toBe(false);
    expect(await secret.events()).toEqual([CREATED]);
  });

  it('is damaged when a bit of it flips, and then gives nothing to anybody', async () => {
    const record = secret.record({ recipients });
    for (let at = 24; at < 24 + 33; at += 4) {
      const flipped = Buffer.from(record);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
      await db.set(secret.keys.record, flipped);
      expect(await secret.claim({ reader: alice })).toEqual({ kind: 'damaged' });
    }
  });
});
