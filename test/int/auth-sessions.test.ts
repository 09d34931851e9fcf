import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { RedisSessions } from '../../src/auth/sessions/redis-sessions.js';
import type { SessionFacts } from '../../src/auth/sessions/session-store.types.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import type { RedisService } from '../../src/redis/redis.service.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { connectTo } from './kit/portal.js';

const ALICE: SessionFacts = {
  subject: 'alice',
  name: 'Alice Ü',
  email: 'alice@corp.example',
  isAdmin: false,
  via: 'oidc',
};
const ROOT: SessionFacts = { subject: 'root', isAdmin: true, via: 'local' };
const LIMITS = { idleMs: 60_000, mostMs: 600_000 };

let redis: TestRedis;
let db: Redis;
let sessions: RedisSessions;

const store = (limits = LIMITS, client = db, withFlags = true) =>
  new RedisSessions(new ScriptRunner(client, withFlags, () => undefined), systemRandom, limits);

beforeAll(async () => {
  redis = await startRedis();
  db = connectTo(redis);
});
beforeEach(async () => {
  await db.flushall();
  sessions = store();
});
afterAll(async () => {
  db.disconnect();
  await redis.stop();
});

/** Every key, field and value of the whole Redis. */
async function everything(): Promise<string> {
  const keys = await db.keys('*');
  const values = keys.map((key) =>
    key.endsWith('sessions') ? db.zrange(key, '0', '-1') : db.hgetall(key).then(Object.entries),
  );
  return JSON.stringify([keys, await Promise.all(values)]);
}

describe('a session', () => {
  it('knows the person by the cookie alone, and shows only its handle', async () => {
    const { token, handle } = await sessions.begin(ALICE);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(handle).toMatch(/^[0-9a-f]{16}$/);
    expect(await sessions.touch(token)).toEqual({ kind: 'person', ...ALICE, sessionId: handle });
  });

  it('leaves nothing in Redis by which anybody could sign in', async () => {
    const { token } = await sessions.begin(ALICE);
    await sessions.touch(token);
    const stored = await everything();
    expect(stored).toContain('alice@corp.example');
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
    // Half of the hash is there, to find the session again; the hash is not a cookie.
    expect(stored).toContain(hash('sha256', token).slice(0, 32));
    for (const found of stored.match(/[\w-]{16,}/g) ?? []) {
      expect(await sessions.touch(found)).toBeUndefined();
    }
  });

  it.each(['', 'x', 'A'.repeat(42), 'A'.repeat(43), 'A'.repeat(44), `${'A'.repeat(42)}*`, '\n'.repeat(43)])(
    'does not accept an invented cookie (%j)',
    async (cookie) => {
      await sessions.begin(ALICE);
      expect(await sessions.touch(cookie)).toBeUndefined();
      expect(await sessions.drop(cookie)).toBeUndefined();
    },
  );

  it('is over after the sign-out, and no key of it is left', async () => {
    const { token, handle } = await sessions.begin(ALICE);
    expect(await sessions.drop(token)).toBe(handle);
    expect(await sessions.touch(token)).toBeUndefined();
    expect(await sessions.drop(token)).toBeUndefined();
    expect(await db.keys('*')).toEqual([]);
  });
});

describe('session fixation: a sign-in', () => {
  it('makes the cookie from before worthless, in the same step, and never takes it over', async () => {
    for (let time = 0; time < 32; time += 1) {
      const planted = await sessions.begin(ALICE);
      const fresh = await sessions.begin(ROOT, planted.token);
      expect(fresh.token).not.toBe(planted.token);
      expect(await sessions.touch(planted.token)).toBeUndefined();
      expect(await sessions.touch(fresh.token)).toMatchObject({ subject: 'root', isAdmin: true });
      expect(await sessions.list(100)).toHaveLength(1);
      await sessions.drop(fresh.token);
    }
    expect(await db.keys('*')).toEqual([]);
  });

  it.each([undefined, '', 'A'.repeat(43), 'no cookie at all', '__proto__'])(
    'takes no name for the session from the browser (%j)',
    async (old) => {
      const { token } = await sessions.begin(ALICE, old);
      expect(token).not.toBe(old);
      expect(await sessions.touch(token)).toMatchObject({ subject: 'alice' });
      if (old !== undefined) expect(await sessions.touch(old)).toBeUndefined();
      expect(await sessions.list(100)).toHaveLength(1);
    },
  );
});

describe('a session ends', () => {
  it('when it is idle, but not while it is used', async () => {
    const brief = store({ idleMs: 2_000, mostMs: 60_000 });
    const used = await brief.begin(ALICE);
    const idle = await brief.begin(ROOT);
    const until = Date.now() + 3_000;
    while (Date.now() < until) {
      expect(await brief.touch(used.token)).toBeDefined();
      await delay(100);
    }
    expect(await brief.touch(idle.token)).toBeUndefined();
    expect((await brief.list(10)).map(({ facts }) => facts.subject)).toEqual(['alice']);
    await delay(2_100);
    expect(await brief.touch(used.token)).toBeUndefined();
    expect(await brief.list(10)).toEqual([]);
  });

  it('at its age, however much it is used; and Redis forgets it by itself', async () => {
    const brief = store({ idleMs: 2_000, mostMs: 3_000 });
    const since = Date.now();
    const { token } = await brief.begin(ALICE);
    while (await brief.touch(token)) {
      if (Date.now() - since > 30_000) throw new Error('it lives on');
      await delay(50);
    }
    expect(Date.now() - since).toBeGreaterThanOrEqual(2_990);
    expect(await brief.list(10)).toEqual([]);
    expect(await db.keys('*')).toEqual([]);
  });

  it('and lets Redis write at most every twentieth of the idle limit', async () => {
    const lasting = store({ idleMs: 3_600_000, mostMs: 36_000_000 });
    const { token } = await lasting.begin(ALICE);
    const before = await redis.cli('INFO', 'persistence');
    for (let time = 0; time < 20; time += 1) await lasting.touch(token);
    const size = /aof_current_size:\d+/;
    expect(size.exec(await redis.cli('INFO', 'persistence'))?.[0]).toBe(size.exec(before)?.[0]);
  });
});

describe('the administrator', () => {
  it('sees who is signed in since when, newest first, and nothing that opens a session', async () => {
    const before = Date.now();
    const tokens: string[] = [];
    for (const facts of [ALICE, ROOT, ALICE]) {
      tokens.push((await sessions.begin(facts)).token);
      await delay(2);
    }
    const rows = await sessions.list(10);
    expect(rows.map(({ facts }) => facts)).toEqual([ALICE, ROOT, ALICE]);
    expect(rows.map(({ createdAt }) => createdAt)).toEqual(
      rows.map(({ createdAt }) => createdAt).sort((a, b) => b - a),
    );
    for (const { createdAt, seenAt, endsAt } of rows) {
      expect(Math.abs(createdAt - before)).toBeLessThan(5_000);
      expect(seenAt).toBe(createdAt);
      expect(endsAt).toBe(createdAt + LIMITS.mostMs);
    }
    for (const token of tokens) expect(JSON.stringify(rows)).not.toContain(token);
    expect(await sessions.list(2)).toEqual(rows.slice(0, 2));
  });

  it('ends one session by its handle, at once, and no other', async () => {
    const [one, other] = [await sessions.begin(ALICE), await sessions.begin(ALICE)];
    expect(await sessions.revoke(one.handle)).toBe(true);
    expect(await sessions.touch(one.token)).toBeUndefined();
    expect(await sessions.touch(other.token)).toBeDefined();
    expect(await sessions.revoke(one.handle)).toBe(false);
    for (const odd of ['', '*', 'ffff', one.handle.toUpperCase().padEnd(17, '0')]) {
      expect(await sessions.revoke(odd)).toBe(false);
    }
    expect(await sessions.list(10)).toHaveLength(1);
  });
});

describe('the scripts of sessions', () => {
  it('touch the keys that they declare and no other, all in one slot', async () => {
    await db.call('ACL', 'SETUSER', 'bounded', 'on', '>pw', '+@all');
    const bounded = new Redis(redis.url, { username: 'bounded', password: 'pw' });
    const runner = new ScriptRunner(bounded, true, () => undefined);
    const fenced: Pick<RedisService, 'run'> = {
      run: async (script, named, args) => {
        const keys = Object.values<string>(named);
        expect(new Set(keys.map((key) => key.slice(0, 7))).size).toBe(1);
        await db.call('ACL', 'SETUSER', 'bounded', 'resetkeys', ...keys.map((key) => `~${key}`));
        return runner.run(script, named, args);
      },
    };
    const bench = new RedisSessions(fenced, systemRandom, { idleMs: 20, mostMs: 600_000 });
    const first = await sessions.begin(ALICE);
    await bench.begin(ALICE, first.token);
    const { token, handle } = await sessions.begin(ALICE);
    expect(await bench.touch(token)).toBeDefined();
    const other = await sessions.begin(ROOT);
    expect(await bench.drop(other.token)).toBe(other.handle);
    await db.hset(`bb:{0${handle[1]}}:other`, 'any', 'x');
    await expect(bounded.hgetall(`bb:{0${handle[1]}}:other`)).rejects.toThrow('NOPERM');
    bounded.disconnect();
  });

  it('run without their flags, as servers before Redis 7 need it', async () => {
    const old = store(LIMITS, db, false);
    const { token, handle } = await old.begin(ALICE);
    expect(await old.touch(token)).toMatchObject({ sessionId: handle });
    expect(await old.list(1)).toHaveLength(1);
    expect(await old.revoke(handle)).toBe(true);
  });

  it('let people in, work on and out in a full Redis', async () => {
    await db.config('SET', 'maxmemory', '1');
    try {
      await expect(db.set('any', 'x')).rejects.toThrow('OOM');
      const { token, handle } = await sessions.begin(ALICE);
      // With no limit at all each touch writes, and the write is seen: the session is over.
      expect(await store({ idleMs: 0, mostMs: 1 }).touch(token)).toMatchObject({ sessionId: handle });
      expect(await sessions.touch(token)).toBeUndefined();
      const second = await sessions.begin(ALICE);
      expect(await sessions.drop(second.token)).toBe(second.handle);
    } finally {
      await db.config('SET', 'maxmemory', '0');
    }
  });
});
