import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { rewrapSecretScript, rewrapUploadScript } from '../../src/rewrap/redis-wrapped-records.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { redisMatrix, startRedis } from '../support/redis-server.js';
import { ScriptBench } from './kit/script-bench.js';
import { keyspace } from './kit/portal.js';

/** Where the wrap of a plain secret begins: behind the head and two bytes of the envelope. */
const AT = 26;
const UPLOAD_AT = 59;
const WRAP = 64;
const next = randomBytes(WRAP);

describe.each(redisMatrix())('the rewrap scripts on $name', ({ version }) => {
  let db: Redis;
  let runner: ScriptRunner;
  let secret: ScriptBench;
  const rewrap = (old: Buffer, wanted = next) =>
    runner.run(rewrapSecretScript, secret.keys, { old, new: wanted });

  beforeAll(async () => {
    const { url } = await startRedis({ version });
    db = new Redis(url);
    runner = new ScriptRunner(db, true, () => undefined);
  });
  beforeEach(async () => {
    await db.flushall();
    secret = new ScriptBench(db);
  });
  afterAll(() => db.disconnect());

  it('put in the other wrap and its sum, and touch nothing else in the store', async () => {
    const record = secret.record({ maxViews: 2 });
    await secret.create(record);
    const claim = randomBytes(16);
    await secret.claim({ claim });
    const before = await keyspace(db);
    const was = Buffer.from(before[secret.keys.record]?.value ?? '', 'hex');
    expect(await rewrap(was.subarray(AT, AT + WRAP))).toBe('done');
    const after = await keyspace(db);
    const is = Buffer.from(after[secret.keys.record]?.value ?? '', 'hex');
    const expected = Buffer.from(was);
    next.copy(expected, AT);
    is.copy(expected, 20, 20, 24);
    expect(is).toEqual(expected);
    expect(is.subarray(20, 24)).not.toEqual(was.subarray(20, 24));
    expect(after).toEqual({
      ...before,
      [secret.keys.record]: { ...before[secret.keys.record], value: is.toString('hex') },
    });
    // The sum is right: the same claim is answered again, and another one is served.
    const ids = next.subarray(0, 4);
    expect(await secret.claim({ claim, ids })).toMatchObject({ kind: 'ok', retried: true });
    expect(await secret.claim({ ids })).toMatchObject({ kind: 'ok', viewsLeft: 0 });
  });

  it('find the wrap behind a guard and the facts of files', async () => {
    await secret.create(secret.guarded());
    const raw = (await db.getBuffer(secret.keys.record)) ?? Buffer.alloc(0);
    expect(await rewrap(raw.subarray(AT + 39, AT + 39 + WRAP))).toBe('done');
    expect((await secret.seen()).record).toMatchObject({ views: 1, attempts: 0 });
    const { verifier } = secret;
    expect(await secret.claim({ verifier, ids: next.subarray(0, 4) })).toMatchObject({ kind: 'ok' });
  });

  it('never bring back what has ended, and write nothing over what changed or is damaged', async () => {
    const record = secret.record();
    const old = record.subarray(AT, AT + WRAP);
    expect(await rewrap(old)).toBe('gone');
    expect(await keyspace(db)).toEqual({});
    await secret.create(record);
    const before = await keyspace(db);
    expect(await rewrap(randomBytes(WRAP))).toBe('changed');
    expect(await rewrap(old, randomBytes(WRAP - 1))).toBe('damaged');
    expect(await keyspace(db)).toEqual(before);
    await db.setrange(secret.keys.record, record.length - 1, 'x');
    expect(await rewrap(old)).toBe('damaged');
    await secret.burn();
    expect(await rewrap(old)).toBe('gone');
    expect((await secret.seen()).record).toBe('none');
  });

  it('do the same for an upload', async () => {
    const { upload } = secret.fileKeys;
    const run = (old: Buffer) => runner.run(rewrapUploadScript, { upload }, { old, new: next });
    const record = Buffer.concat([Buffer.from([2]), randomBytes(56), Buffer.from([1, 1]), randomBytes(150)]);
    const old = record.subarray(UPLOAD_AT, UPLOAD_AT + WRAP);
    expect(await run(old)).toBe('gone');
    await db.set(upload, record, 'PX', 60_000);
    const expiresAt = await db.pexpiretime(upload);
    expect(await run(randomBytes(WRAP))).toBe('changed');
    expect(await run(old)).toBe('done');
    next.copy(record, UPLOAD_AT);
    expect(await db.getBuffer(upload)).toEqual(record);
    expect(await db.pexpiretime(upload)).toBe(expiresAt);
  });
});
