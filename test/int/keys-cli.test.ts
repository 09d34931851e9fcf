import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';

import { GUARD_BYTES } from '../../src/secrets/record/secret-record.js';
import { startApp, type TestApp } from '../support/app-process.js';
import { createOwnDatabase } from '../support/own-database.js';
import { startRedis } from '../support/redis-server.js';
import { cli, type CliAnswer } from './kit/cli.js';
import { Client, newClaim, type Created } from './kit/client.js';
import { connectTo, keysOf, newKeys, until } from './kit/portal.js';

const KEK_AT = 26;

/** One rotation, as docs/keys.md describes it, at a portal of two replicas that goes on meanwhile. */
describe('a rotation by the command line', () => {
  let db: Redis;
  let folder: string;
  let file: string;
  let env: Record<string, string>;
  let apps: TestApp[];
  let client: Client;
  let plain: Created;
  let guarded: Created;
  let leased: Created;
  const claim = newClaim();

  const keys = (...args: string[]): Promise<CliAnswer> => cli(['keys', ...args], env);
  const kekOf = async ({ id }: Created): Promise<number> => {
    const record = await db.getBuffer(keysOf(id).record);
    const isGuarded = ((record?.[1] ?? 0) & 3) !== 0;
    return record?.readUInt32BE(KEK_AT + (isGuarded ? GUARD_BYTES : 0)) ?? 0;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'burnbag-keys-'));
    file = join(folder, 'key-file');
    writeFileSync(file, `# made in May\n${newKeys()}\n`, { mode: 0o400 });
    const redis = await startRedis();
    const { url } = await createOwnDatabase();
    env = { BURNBAG_KEYS_FILE: file, REDIS_URL: redis.url, DATABASE_URL: url };
    db = connectTo(redis);
    // A lease that outlives all that the commands below do.
    const settings = { ...env, CLAIM_LEASE_SECONDS: '3600' };
    apps = await Promise.all([0, 1].map(() => startApp({ env: settings, redisUrl: redis.url })));
    client = new Client(apps[0]?.url ?? '');
    plain = await client.create({ content: 'plain', maxViews: 3 });
    guarded = await client.create({ content: 'guarded', passphrase: 'correct horse' });
    leased = await client.create({ content: 'leased' });
    await client.reveal(leased.id, { claim });
  });
  afterAll(async () => {
    client.close();
    await Promise.all(apps.map((app) => app.stop()));
    db.disconnect();
    rmSync(folder, { recursive: true });
  });

  it('begins with a look: one key, and what needs it', async () => {
    const { code, out } = await keys('list');
    expect(code).toBe(0);
    expect(out).toMatch(/^id +state +secrets +uploads +fingerprint$/m);
    expect(out).toMatch(/^ 1 +primary +3 +0 +[0-9a-f]{32}$/m);
    expect(out).toMatch(/^2 replicas:\n( {2}\S+ +seals with 1, opens 1\n){2}$/m);
    expect(JSON.parse((await keys('list', '--json')).out)).toMatchObject({
      keys: [{ id: 1, state: 'primary' }],
    });
  });

  it('adds a key that every replica holds and none seals with, and keeps the file as it was otherwise', async () => {
    const answer = await keys('add');
    expect(answer).toMatchObject({ code: 0, err: '' });
    expect(answer.out).toMatch(/only opens\.\n2 replicas hold key 2\.\nNext: .*keys promote 2/);
    expect(readFileSync(file, 'utf8')).toMatch(/^# made in May\n2:\S{44}\n1:\S{44}\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o400);
    expect(readdirSync(folder)).toEqual(['key-file']);
    expect(await kekOf(await client.create())).toBe(1);
  });

  it('promotes it at all replicas, without a restart', async () => {
    expect(await keys('promote', '2')).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 replicas seal with key 2.'),
    });
    expect(await kekOf(await client.create())).toBe(2);
    expect(await kekOf(plain)).toBe(1);
  });

  it('does not retire the old key while a record needs it', async () => {
    const refused = await keys('retire', '1');
    expect(refused).toMatchObject({ code: 3, err: expect.stringMatching(/4 live records still need key 1/) });
    expect(readFileSync(file, 'utf8')).toMatch(/^1:/m);
    expect((await keys('retire', '2')).err).toMatch(/promote another key first/);
    expect((await client.create()).id).toBeTruthy();
  });

  it('rewraps everything; nothing else of a record changes, and a running lease goes on', async () => {
    const lifetime = await db.pexpiretime(keysOf(plain.id).record);
    expect((await keys('rewrap', '--dry-run')).out).toMatch(/^4 records would be rewrapped under key 2/);
    expect(await kekOf(plain)).toBe(1);
    expect(await keys('rewrap')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^4 records rewrapped/),
    });
    expect([await kekOf(plain), await kekOf(guarded), await kekOf(leased)]).toEqual([2, 2, 2]);
    expect(await db.pexpiretime(keysOf(plain.id).record)).toBe(lifetime);
    expect((await client.reveal(leased.id, { claim })).body).toMatchObject({ content: 'leased' });
    expect((await keys('rewrap')).out).toMatch(/^0 records rewrapped/);
  });

  it('retires the old key; every secret opens, and receipts made under it stay good', async () => {
    const retired = await keys('retire', '1');
    expect(retired).toMatchObject({ code: 0, err: '' });
    expect(retired.out).toContain('2 replicas hold key 1 no longer.');
    expect(readFileSync(file, 'utf8')).toMatch(/^# made in May\n1:retired:\S{44}\n2:\S{44}\n$/);
    expect((await client.get(plain.id)).body).toMatchObject({ content: 'plain', viewsLeft: 2 });
    expect((await client.reveal(guarded.id, { passphrase: 'correct horse' })).body).toMatchObject({
      content: 'guarded',
    });
    const receipt = await client.send('GET', `/api/v1/receipts/${plain.receiptToken}`);
    expect(receipt.status).toBe(200);
    expect((await keys('list')).out).toMatch(/^ 1 +destroyed +0 +0$/m);
    expect((await keys('promote', '1')).err).toMatch(/destroyed/);
  });

  it('leaves the trail whole', async () => {
    await until(async () => /events, intact/.test((await cli(['audit', 'verify'], env)).out));
  });

  it('stores nothing under a retired key, even at a replica that still has it', async () => {
    await Promise.all(
      Array.from({ length: 16 }, (_, n) => db.sadd(`bb:{${n.toString(16).padStart(2, '0')}}:retired`, '2')),
    );
    const refused = await client.tryCreate({ content: 'x' });
    expect(refused).toMatchObject({ status: 503, body: { code: 'key_unavailable' } });
    expect(
      (
        await client.send('POST', '/api/v1/files', {
          headers: { 'upload-length': '5', 'tus-resumable': '1.0.0' },
        })
      ).status,
    ).toBe(503);
    expect((await keys('promote', '2')).code).toBe(0);
    expect((await client.tryCreate({ content: 'x' })).status).toBe(201);
  });

  it('says what to set where the keys cannot be changed from here', async () => {
    const spec = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .join(',');
    const fixed = {
      REDIS_URL: env['REDIS_URL'] ?? '',
      BURNBAG_KEYS: spec,
      DATABASE_URL: env['DATABASE_URL'] ?? '',
    };
    const added = await cli(['keys', 'add'], fixed);
    expect(added).toMatchObject({
      code: 0,
      out: expect.stringMatching(/BURNBAG_KEYS cannot be changed from here.*\n\n {2}3:\S{44}\n/),
    });
    expect(added.out).not.toContain(spec.split(',').at(-1));
  });

  it('refuses what it does not understand, and changes nothing', async () => {
    const before = readFileSync(file, 'utf8');
    expect((await keys('promote')).code).toBe(2);
    expect((await keys('promote', '9')).err).toMatch(/There is no key 9/);
    expect((await keys('retire', 'x')).code).toBe(2);
    expect((await keys('rewrap', '--fast')).code).toBe(2);
    chmodSync(file, 0o644);
    expect((await keys('add')).err).toMatch(/chmod 0400/);
    chmodSync(file, 0o400);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
