import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { ApiTokens, type TokenRequest } from '../../src/auth/tokens/api-tokens.service.js';
import { RedisApiTokens } from '../../src/auth/tokens/store/redis-api-tokens.js';
import { tokenHash, tokenIdOf } from '../../src/auth/tokens/token-text.js';
import type { ApiToken } from '../../src/auth/tokens/token-store.types.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import { tokenIndexKey, tokenKeys } from '../../src/redis/redis-keys.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { redisMatrix, startRedis } from '../support/redis-server.js';
import { keyspace } from './kit/portal.js';

const WISH: TokenRequest = { name: 'backup job', scopes: ['create'], ttlSeconds: 3_600 };
const ALICE = 'https://id.example|alice';
const BOB = 'https://id.example|bob';
const WEEK_MS = 7 * 86_400_000;

const refused = (code: string) =>
  expect.objectContaining({ kind: expect.objectContaining({ code }) as unknown });

describe.each(redisMatrix())('API tokens on $name', ({ version }) => {
  let url: string;
  let db: Redis;
  let tokens: ApiTokens;

  const on = (client: Redis) =>
    new ApiTokens(new RedisApiTokens(new ScriptRunner(client, true, () => undefined)), systemRandom);
  const recordOf = (secret: string) => tokenKeys(tokenIdOf(tokenHash(secret) ?? Buffer.alloc(32))).record;

  beforeAll(async () => {
    ({ url } = await startRedis({ version }));
    db = new Redis(url);
    tokens = on(db);
  });
  beforeEach(() => db.flushall());
  afterAll(() => db.disconnect());

  /** Every page of a list. */
  async function all(owner: string | undefined, limit: number): Promise<ApiToken[]> {
    const found: ApiToken[] = [];
    let cursor: string | undefined;
    do {
      const page = await tokens.list(owner, limit, cursor);
      expect(page.tokens.length).toBeLessThanOrEqual(limit);
      found.push(...page.tokens);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  }

  it('are shown once, and name who made them from then on', async () => {
    const { secret, token } = await tokens.issue({ ...WISH, scopes: ['stats', 'create', 'stats'] }, ALICE);
    expect(secret).toMatch(/^bbt_[\w-]{43}$/);
    expect(token).toMatchObject({ name: 'backup job', owner: ALICE, scopes: ['create', 'stats'] });
    expect(token.expiresAt - token.createdAt).toBe(3_600_000);
    expect(await tokens.authenticate(secret)).toEqual({
      kind: 'token',
      tokenId: token.id,
      name: 'backup job',
      scopes: ['create', 'stats'],
      owner: ALICE,
    });
    const [listed] = await all(ALICE, 10);
    expect(listed).toEqual({ ...token, lastUsedAt: expect.any(Number) as unknown });
  });

  it('leave nothing in Redis that is one, or that the store would take for one', async () => {
    const { secret } = await tokens.issue(WISH, ALICE);
    await tokens.authenticate(secret);
    const bytes = Buffer.from(secret.slice(4), 'base64url');
    const forms = [
      Buffer.from(secret),
      Buffer.from(secret.slice(4)),
      bytes,
      Buffer.from(bytes.toString('hex')),
    ];
    const stored = await db.hgetallBuffer(recordOf(secret));
    const everything = [...(await db.keys('*')).map((key) => Buffer.from(key)), ...Object.values(stored)];
    for (const value of everything) for (const form of forms) expect(value.includes(form)).toBe(false);
    for (const value of everything) {
      for (const text of [value.toString('latin1'), `bbt_${value.toString('base64url')}`])
        await expect(tokens.authenticate(text)).rejects.toEqual(refused('token_invalid'));
    }
  });

  it('are refused from the moment that they are revoked, by a replica that has accepted them before', async () => {
    const { secret, token } = await tokens.issue(WISH, ALICE);
    const other = new Redis(url);
    const elsewhere = on(other);
    await tokens.authenticate(secret);
    await elsewhere.authenticate(secret);
    await elsewhere.revoke(token.id, ALICE);
    for (const asked of [tokens, elsewhere])
      await expect(asked.authenticate(secret)).rejects.toEqual(refused('token_invalid'));
    expect(await db.keys('*')).toEqual([]);
    await expect(tokens.revoke(token.id, ALICE)).rejects.toEqual(refused('token_not_found'));
    other.disconnect();
  });

  it('are revoked by their owner or an administrator, and by no one else', async () => {
    const [one, two] = [await tokens.issue(WISH, ALICE), await tokens.issue(WISH, ALICE)];
    const before = await keyspace(db);
    await expect(tokens.revoke(one.token.id, BOB)).rejects.toEqual(refused('token_not_found'));
    for (const id of ['', 'f'.repeat(32), one.token.id.toUpperCase(), `${one.token.id}00`])
      await expect(tokens.revoke(id, undefined)).rejects.toEqual(refused('token_not_found'));
    expect(await keyspace(db)).toEqual(before);
    await tokens.revoke(one.token.id, undefined);
    await tokens.revoke(two.token.id, ALICE);
    expect(await db.keys('*')).toEqual([]);
  });

  it('end by the clock of Redis, and say so for a week', async () => {
    const { secret, token } = await tokens.issue({ ...WISH, ttlSeconds: 60 }, ALICE);
    const record = recordOf(secret);
    expect(await db.pexpiretime(record)).toBe(token.expiresAt + WEEK_MS);
    const [seconds = 0] = (await db.time()).map(Number);
    await db.hset(record, 'expires', seconds * 1000 + 30_000);
    await tokens.authenticate(secret);
    await db.hset(record, 'expires', seconds * 1000);
    await expect(tokens.authenticate(secret)).rejects.toMatchObject({
      kind: { code: 'token_invalid' },
      detail: expect.stringContaining(new Date(seconds * 1000).toISOString()) as unknown,
    });
    expect(await all(ALICE, 10)).toHaveLength(1);
    await db.del(record);
    await expect(tokens.authenticate(secret)).rejects.toEqual(refused('token_invalid'));
    expect(await all(ALICE, 10)).toEqual([]);
    expect(await all(undefined, 10)).toEqual([]);
    expect(await db.keys('*')).toEqual([]);
  });

  it('keep their lists no longer than the last token in them', async () => {
    const { token } = await tokens.issue(WISH, ALICE);
    const bytes = Buffer.from(token.id, 'hex');
    const lists = (await db.keys('*tokens*')).sort();
    expect(lists).toHaveLength(2);
    for (const list of lists)
      expect(Math.abs((await db.pexpiretime(list)) - token.expiresAt - WEEK_MS)).toBeLessThan(2_000);
    const { index } = tokenKeys(bytes);
    expect(lists).toContain(index);
    await db.pexpire(index, 9 * WEEK_MS);
    // Another one in the same bucket, which ends before: it shortens nothing.
    const runner = new RedisApiTokens(new ScriptRunner(db, true, () => undefined));
    const hash = Buffer.concat([bytes.subarray(0, 1), randomBytes(31)]);
    await runner.create({ hash, name: 'x', owner: BOB, scopes: ['stats'], ttlMs: 1_000 });
    expect(await db.pttl(index)).toBeGreaterThan(8 * WEEK_MS);
  });

  it('may do what their scopes say, and nothing else', async () => {
    const { secret } = await tokens.issue({ ...WISH, scopes: ['receipts'] }, ALICE);
    const principal = await tokens.authenticate(secret);
    expect(principal.scopes).toEqual(['receipts']);
    // What a later version, or a thief of Redis' password, wrote: unknown scopes grant nothing.
    await db.hset(recordOf(secret), 'scopes', 'admin,*,receipts');
    expect((await tokens.authenticate(secret)).scopes).toEqual(['receipts']);
  });

  it('note their last use at most once a minute', async () => {
    const { secret } = await tokens.issue(WISH, ALICE);
    const record = recordOf(secret);
    const used = async (): Promise<number> => Number(await db.hget(record, 'used'));
    expect((await all(ALICE, 1))[0]?.lastUsedAt).toBeUndefined();
    await tokens.authenticate(secret);
    const first = await used();
    expect(Math.abs(first - Date.now())).toBeLessThan(5_000);
    await db.hset(record, 'used', first - 50_000);
    await Promise.all(Array.from({ length: 50 }, () => tokens.authenticate(secret)));
    expect(await used()).toBe(first - 50_000);
    await db.hset(record, 'used', first - 60_000);
    await db.config('RESETSTAT');
    await Promise.all(Array.from({ length: 50 }, () => tokens.authenticate(secret)));
    expect(await used()).toBeGreaterThanOrEqual(first);
    expect(String(await db.call('INFO', 'commandstats'))).toMatch(/cmdstat_hset:calls=1,/);
  });

  it('are listed by the thousand in pages, the newest first, each once', async () => {
    const owners = Array.from({ length: 1_000 }, (_, at) => (at % 4 === 0 ? BOB : ALICE));
    const made = await Promise.all(owners.map((owner) => tokens.issue(WISH, owner)));
    const ids = (list: readonly ApiToken[]): string[] => list.map(({ id }) => id).sort();
    const everything = await all(undefined, 100);
    expect(ids(everything)).toEqual(ids(made.map(({ token }) => token)));
    const times = everything.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    // Many were made in the same millisecond: the smallest pages fall between them.
    expect(new Set(times).size).toBeLessThan(1_000);
    for (const limit of [1, 7]) {
      const bobs = await all(BOB, limit);
      expect(ids(bobs)).toEqual(ids(made.flatMap(({ token }) => (token.owner === BOB ? [token] : []))));
    }
    expect(await all('https://id.example|carol', 100)).toEqual([]);
  });

  it('go on with a page although its last token was revoked meanwhile', async () => {
    for (let made = 0; made < 10; made += 1) await tokens.issue(WISH, ALICE);
    const whole = await all(ALICE, 100);
    const { tokens: first, nextCursor } = await tokens.list(ALICE, 4);
    await tokens.revoke(first[3]?.id ?? '', ALICE);
    const { tokens: rest } = await tokens.list(ALICE, 100, nextCursor);
    expect([...first, ...rest]).toEqual(whole);
  });

  it('are refused without a word to Redis when they have not the form of one', async () => {
    const { secret } = await tokens.issue(WISH, ALICE);
    const spare = secret.slice(0, -1) + String.fromCharCode(secret.charCodeAt(46) + 1);
    const wrong = [
      '',
      'bbt_',
      secret.slice(1),
      `${secret}A`,
      `${secret}\n`,
      secret.toUpperCase(),
      ` ${secret}`,
    ];
    await db.config('RESETSTAT');
    for (const text of [...wrong, spare])
      await expect(tokens.authenticate(text)).rejects.toEqual(refused('token_invalid'));
    expect(String(await db.call('INFO', 'commandstats'))).not.toContain('cmdstat_eval');
    await tokens.authenticate(secret);
    expect(String(await db.call('INFO', 'commandstats'))).toContain('cmdstat_eval');
  });

  it('are compared by their whole hash', async () => {
    const { secret } = await tokens.issue(WISH, ALICE);
    await db.hset(recordOf(secret), 'hash', randomBytes(32));
    await expect(tokens.authenticate(secret)).rejects.toEqual(refused('token_invalid'));
  });

  it.each([
    ['name', { ...WISH, name: ' ' }],
    ['name', { ...WISH, name: 'x'.repeat(101) }],
    ['name', { ...WISH, name: '\ud800' }],
    ['scopes', { ...WISH, scopes: [] }],
    ['scopes', { ...WISH, scopes: ['create', 'admin'] as never }],
    ['ttlSeconds', { ...WISH, ttlSeconds: 59 }],
    ['ttlSeconds', { ...WISH, ttlSeconds: 366 * 86_400 + 1 }],
    ['ttlSeconds', { ...WISH, ttlSeconds: 3_600.5 }],
  ])('are not made with a wrong %s: %j', async (field, request) => {
    await expect(tokens.issue(request, ALICE)).rejects.toMatchObject({
      kind: { code: 'validation_failed' },
      extras: { errors: [{ field }] },
    });
    expect(await db.keys('*')).toEqual([]);
  });

  it('are listed only by a limit and a cursor that there can be', async () => {
    for (const limit of [0, 101, 1.5, Number.NaN])
      await expect(tokens.list(ALICE, limit)).rejects.toEqual(refused('validation_failed'));
    for (const cursor of ['', 'x', '1-2', `+inf-${'0'.repeat(32)}`, `1-${'0'.repeat(33)}`])
      await expect(tokens.list(ALICE, 1, cursor)).rejects.toEqual(refused('validation_failed'));
  });

  it('work in a full Redis, and are revoked there; new ones are refused', async () => {
    const { secret, token } = await tokens.issue(WISH, ALICE);
    await db.config('SET', 'maxmemory', '1mb', 'maxmemory-policy', 'noeviction');
    try {
      await expect(tokens.issue(WISH, ALICE)).rejects.toEqual(refused('storage_full'));
      await tokens.authenticate(secret);
      await tokens.revoke(token.id, ALICE);
    } finally {
      await db.config('SET', 'maxmemory', '0');
    }
    expect(await db.keys('*')).toEqual([]);
  });

  it('touch the declared keys and no other', async () => {
    const { secret, token } = await tokens.issue(WISH, ALICE);
    const id = Buffer.from(token.id, 'hex');
    const { record, index } = tokenKeys(id);
    const keys = (await db.keys('*')).sort();
    expect(keys).toEqual(
      [record, index, ...keys.filter((key) => key.startsWith(`${tokenIndexKey(id[0])}:`))].sort(),
    );
    expect(keys).toHaveLength(3);
    await db.call(
      'ACL',
      'SETUSER',
      'bounded',
      'on',
      '>pw',
      'resetkeys',
      ...keys.map((key) => `~${key}`),
      '+@all',
    );
    const client = new Redis(url, { username: 'bounded', password: 'pw' });
    const bounded = on(client);
    await bounded.authenticate(secret);
    await bounded.revoke(token.id, ALICE);
    await expect(client.get(tokenIndexKey((id[0] ?? 0) + 1))).rejects.toThrow('NOPERM');
    client.disconnect();
  });
});
