import { argon2Sync, randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { LocalAdmin, type AdminAccount } from '../../src/auth/local-admin/local-admin.service.js';
import type { PasswordHash } from '../../src/auth/local-admin/password-hash.js';
import { PasswordHasher } from '../../src/auth/local-admin/password-hasher.js';
import {
  LOCK_MS,
  RedisSignInThrottle,
  TRIES_OF_ADDRESS,
  TRIES_OF_NAME,
} from '../../src/auth/local-admin/redis-sign-in-throttle.js';
import { SignInHashes } from '../../src/auth/local-admin/sign-in-hashes.js';
import { ProblemError } from '../../src/platform/http/problem/problem.js';
import { KdfBusyError } from '../../src/crypto/crypto.errors.js';
import { parseKeyring } from '../../src/crypto/keyring/keyring.spec-format.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { redisMatrix, startRedis, type TestRedis } from '../support/redis-server.js';
import { keyspace, newKeys } from './kit/portal.js';

const PASSWORD = 'correct horse battery';
const NAME = 'root';
const keys = newKeys();

const salt = randomBytes(16);
/** Argon2id that costs little: these tests try often. */
const cost = { memory: 1_024, passes: 1, parallelism: 1 };
const cheap: PasswordHash = {
  ...cost,
  salt,
  hash: argon2Sync('argon2id', { ...cost, message: PASSWORD, nonce: salt, tagLength: 32 }),
};

/** The real hasher, which says what it was asked for. */
class CountingHasher {
  readonly real = new PasswordHasher({ concurrency: 2, queue: 64 });
  readonly asked: PasswordHash[] = [];
  verify(password: string, expected: PasswordHash): Promise<boolean> {
    this.asked.push(expected);
    return this.real.verify(password, expected);
  }
}

describe.each(redisMatrix())('the local administrator on $name', ({ version }) => {
  let redis: TestRedis;
  let db: Redis;
  const account: AdminAccount = { username: NAME, passwordHash: cheap };
  let hasher: CountingHasher;
  let admin: LocalAdmin;

  const guardOn = (client: Redis) => new RedisSignInThrottle(new ScriptRunner(client, true, () => undefined));
  const hashes = new SignInHashes(parseKeyring(keys));

  beforeAll(async () => {
    redis = await startRedis({ version });
    db = new Redis(redis.url);
  });
  beforeEach(async () => {
    await db.flushall();
    hasher = new CountingHasher();
    admin = new LocalAdmin(account, guardOn(db), hasher, hashes);
  });
  afterAll(() => db.disconnect());

  /** A try. @returns the name of who is signed in, or the code of the refusal */
  async function attempt(password: string, ip = '192.0.2.1', username = NAME): Promise<string> {
    try {
      return `signed in: ${await admin.signIn({ username, password, ip })}`;
    } catch (error) {
      return (error as { kind?: { code?: string } }).kind?.code ?? String(error);
    }
  }
  /** Tries one after the other, each from an address of its own. */
  async function fromEverywhere(tries: number, username: string, password = 'wrong'): Promise<string[]> {
    const answers: string[] = [];
    for (let at = 0; at < tries; at += 1) answers.push(await attempt(password, `198.51.100.${at}`, username));
    return answers;
  }
  const times = (count: number, answer: string): string[] => Array.from({ length: count }, () => answer);

  it('signs in by name and password, both as they are', async () => {
    expect(await attempt(PASSWORD)).toBe('signed in: root');
    for (const password of ['wrong', `${PASSWORD} `]) expect(await attempt(password)).toBe('sign_in_wrong');
    for (const username of ['Root', 'root '])
      expect(await attempt(PASSWORD, '192.0.2.2', username)).toBe('sign_in_wrong');
    for (const [username, password] of [
      ['', PASSWORD],
      [NAME, ''],
      ['r'.repeat(257), PASSWORD],
      [NAME, 'p'.repeat(2_049)],
    ])
      expect(await attempt(password ?? '', '192.0.2.3', username)).toBe('validation_failed');
  });

  it('fails without an account, and Redis is not even asked', async () => {
    admin = new LocalAdmin(undefined, guardOn(db), hasher, hashes);
    expect(admin.exists).toBe(false);
    expect(await attempt(PASSWORD)).toBe('local_sign_in_off');
    expect(await db.keys('*')).toEqual([]);
  });

  it('is locked for an address after five wrong passwords, and for its neighbours not', async () => {
    const wrong = [];
    for (let tries = 0; tries < TRIES_OF_ADDRESS; tries += 1) wrong.push(await attempt('wrong'));
    expect(wrong).toEqual(times(5, 'sign_in_wrong'));
    for (const password of ['wrong', PASSWORD]) expect(await attempt(password)).toBe('sign_in_locked');
    // Another name does not help, nor does another spelling of the address.
    expect(await attempt(PASSWORD, '::ffff:192.0.2.1', 'somebody')).toBe('sign_in_locked');
    expect(await attempt(PASSWORD, '192.0.2.2')).toBe('signed in: root');
  });

  it('is locked for a whole network of IPv6', async () => {
    for (let tries = 0; tries < TRIES_OF_ADDRESS; tries += 1)
      await attempt('wrong', `2001:db8:0:1::${tries}`);
    expect(await attempt(PASSWORD, '2001:db8:0:1:ffff::1%eth0')).toBe('sign_in_locked');
    expect(await attempt(PASSWORD, '2001:db8:0:2::1')).toBe('signed in: root');
  });

  it('is locked after ten wrong passwords from ten addresses, and says when to come back', async () => {
    expect(await fromEverywhere(TRIES_OF_NAME, NAME)).toEqual(times(10, 'sign_in_wrong'));
    const refusal = await admin
      .signIn({ username: NAME, password: PASSWORD, ip: '203.0.113.9' })
      .catch(String);
    expect(refusal).toMatch(/sign_in_locked: Try again in 15 min/);
    const again = await admin
      .signIn({ username: NAME, password: PASSWORD, ip: '203.0.113.9' })
      .catch((error: unknown) => error);
    if (!(again instanceof ProblemError)) throw new Error('it was not refused');
    expect(again.kind.status).toBe(429);
    const seconds = Number(again.extras['retryAfterSeconds']);
    expect(again.headers).toMatchObject({ 'Retry-After': String(seconds) });
    // Some of the time has passed since the last try.
    expect(seconds).toBeLessThanOrEqual(LOCK_MS / 1000);
    expect(seconds).toBeGreaterThan(LOCK_MS / 1000 - 60);
  });

  it('looks at no password while it is locked, and a try prolongs nothing', async () => {
    for (let tries = 0; tries < TRIES_OF_ADDRESS; tries += 1) await attempt('wrong');
    const before = await keyspace(db);
    const { length } = hasher.asked;
    for (let tries = 0; tries < 20; tries += 1) expect(await attempt(PASSWORD)).toBe('sign_in_locked');
    expect(hasher.asked).toHaveLength(length);
    expect(await keyspace(db)).toEqual(before);
  });

  it('looks at no more guesses when they are sent at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => attempt('wrong')));
    expect(answers.sort()).toEqual([...times(35, 'sign_in_locked'), ...times(5, 'sign_in_wrong')]);
    expect(hasher.asked).toHaveLength(5);
  });

  it('is locked for a while: from the last try that was looked at', async () => {
    await attempt('wrong');
    for (const key of await db.keys('*')) {
      expect(await db.pttl(key)).toBeGreaterThan(LOCK_MS - 5_000);
      await db.pexpire(key, 60_000);
    }
    for (let tries = 1; tries < TRIES_OF_ADDRESS - 1; tries += 1) await attempt('wrong');
    for (const key of await db.keys('*')) expect(await db.pttl(key)).toBeLessThanOrEqual(60_000);
    await attempt('wrong');
    const [lock = ''] = await db.keys('*:a:*');
    expect(await db.pttl(lock)).toBeGreaterThan(LOCK_MS - 5_000);
    await db.pexpire(lock, 0);
    expect(await attempt(PASSWORD)).toBe('signed in: root');
  });

  it('forgets wrong tries with the right one', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let tries = 1; tries < TRIES_OF_ADDRESS; tries += 1)
        expect(await attempt('wrong')).toBe('sign_in_wrong');
      expect(await attempt(PASSWORD)).toBe('signed in: root');
    }
  });

  it('cannot be locked out of the own tempFiles by guessing elsewhere', async () => {
    expect(await attempt(PASSWORD)).toBe('signed in: root');
    await fromEverywhere(TRIES_OF_NAME, NAME);
    expect(await attempt(PASSWORD, '203.0.113.9')).toBe('sign_in_locked');
    expect(await attempt(PASSWORD)).toBe('signed in: root');
    // Guessing from that tempFiles is limited, too.
    for (let tries = 0; tries < TRIES_OF_ADDRESS; tries += 1) await attempt('wrong');
    expect(await attempt(PASSWORD)).toBe('sign_in_locked');
  });

  it('answers the same for a name that there is not, lock included', async () => {
    const tell = async (username: string): Promise<unknown[]> => {
      await db.flushall();
      const answers: unknown[] = await fromEverywhere(TRIES_OF_NAME + 1, username);
      const last = await admin
        .signIn({ username, password: 'wrong', ip: '203.0.113.9' })
        .catch((error: unknown) => error);
      return [...answers, last, Object.keys(await keyspace(db)).length];
    };
    expect(await tell('nobody')).toEqual(await tell(NAME));
  });

  it('does the same work for a name that there is not', async () => {
    const passwordHash = await hasher.real.hash(PASSWORD, systemRandom);
    admin = new LocalAdmin({ username: NAME, passwordHash }, guardOn(db), hasher, hashes);
    await attempt('wrong', '192.0.2.1', 'nobody');
    await attempt(PASSWORD, '192.0.2.2', 'nobody');
    await attempt('wrong', '192.0.2.3', NAME);
    expect(hasher.asked).toEqual([passwordHash, passwordHash, passwordHash]);
    const clock = async (username: string, ip: string): Promise<number> => {
      const start = performance.now();
      await attempt('wrong', ip, username);
      return performance.now() - start;
    };
    const took = { root: [] as number[], nobody: [] as number[] };
    for (let round = 0; round < 5; round += 1) {
      took.root.push(await clock(NAME, `192.0.2.${100 + round}`));
      took.nobody.push(await clock('nobody', `192.0.2.${150 + round}`));
    }
    // The least of each: what else the machine does only adds. Without the work it would be a hundredth.
    expect(Math.min(...took.nobody)).toBeGreaterThan(Math.min(...took.root) / 2);
  });

  it('leaves neither names nor addresses nor passwords in Redis, and nothing permanently', async () => {
    await attempt('wrong', '192.0.2.77');
    await attempt(PASSWORD, '192.0.2.78');
    await attempt('wrong', '192.0.2.77');
    const everything = JSON.stringify(await keyspace(db));
    for (const told of [NAME, PASSWORD, '192.0.2', 'wrong']) expect(everything).not.toContain(told);
    for (const key of await db.keys('*')) expect(await db.pttl(key)).toBeGreaterThan(0);
    // Without the key-encryption key the IP address cannot be found by hashing all of them.
    const { address } = new SignInHashes(parseKeyring(`1:${randomBytes(32).toString('base64')}`)).of(
      NAME,
      '192.0.2.77',
    );
    expect(everything).not.toContain(address);
    expect(everything).toContain(hashes.of(NAME, '192.0.2.77').address);
  });

  it('says that it is busy, and does not count the attempt', async () => {
    const busy = { verify: () => Promise.reject(new KdfBusyError()) };
    admin = new LocalAdmin(account, guardOn(db), busy, hashes);
    for (let tries = 0; tries < TRIES_OF_ADDRESS + 1; tries += 1)
      expect(await attempt(PASSWORD)).toBe('sign_in_busy');
    admin = new LocalAdmin(account, guardOn(db), hasher, hashes);
    expect(await attempt(PASSWORD)).toBe('signed in: root');
  });

  it('counts in a full Redis, too', async () => {
    await db.config('SET', 'maxmemory', '1mb', 'maxmemory-policy', 'noeviction');
    try {
      for (let tries = 0; tries < TRIES_OF_ADDRESS; tries += 1) await attempt('wrong');
      expect(await attempt(PASSWORD)).toBe('sign_in_locked');
      expect(await attempt(PASSWORD, '192.0.2.2')).toBe('signed in: root');
    } finally {
      await db.config('SET', 'maxmemory', '0');
    }
  });

  it('refuses guesses while Redis is down', async () => {
    const gone = new Redis('redis://127.0.0.1:1', {
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    });
    gone.on('error', () => undefined);
    admin = new LocalAdmin(account, guardOn(gone), hasher, hashes);
    expect(await attempt(PASSWORD)).toBe('store_unavailable');
    expect(hasher.asked).toEqual([]);
    gone.disconnect();
  });
});
