import { describe, expect, it } from '@jest/globals';
import { argon2id } from '@noble/hashes/argon2.js';

import { KdfBusyError } from '../../crypto/crypto.errors.js';
import { systemRandom } from '../../crypto/random-source.port.js';
import { formatPasswordHash, parsePasswordHash, PasswordHashError } from './password-hash.js';
import { PasswordHasher } from './password-hasher.js';

const SALT = 'c29tZXNhbHRzb21lc2FsdA';
const HASH = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
const phc = (cost: string, salt = SALT, hash = HASH) => `$argon2id$v=19$${cost}$${salt}$${hash}`;
const unpadded = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64').replaceAll('=', '');

describe('the hash of a password', () => {
  it('is read and written as the same PHC string', () => {
    const costs = ['m=47104,t=1,p=1', 'm=19456,t=2,p=1', 'm=7168,t=5,p=1', 'm=262144,t=4,p=16'];
    for (const text of costs.map((cost) => phc(cost))) {
      const parsed = parsePasswordHash(text);
      expect(parsed.salt.toString()).toBe('somesaltsomesalt');
      expect(formatPasswordHash(parsed)).toBe(text);
    }
  });

  it.each([
    ['nothing', ''],
    ['the password itself', 'correct horse battery staple'],
    ['another algorithm', phc('m=47104,t=1,p=1').replace('argon2id', 'argon2i')],
    ['an older version', phc('m=47104,t=1,p=1').replace('v=19', 'v=16')],
    ['no version', phc('m=47104,t=1,p=1').replace('$v=19', '')],
    ['another order', phc('t=1,m=47104,p=1')],
    ['more parameters', phc('m=47104,t=1,p=1,keyid=QUFB')],
    ['a leading zero', phc('m=047104,t=1,p=1')],
    ['a sign', phc('m=+47104,t=1,p=1')],
    ['an exponent', phc('m=47e3,t=1,p=1')],
    ['no pass', phc('m=47104,t=0,p=1')],
    ['no lane', phc('m=47104,t=1,p=0')],
    ['too little memory', phc('m=7167,t=6,p=1')],
    ['too little work', phc('m=35839,t=1,p=1')],
    ['memory that starves the server', phc('m=262145,t=1,p=1')],
    ['memory beyond all numbers', phc('m=9999999999999999,t=1,p=1')],
    ['work that blocks the server', phc('m=262144,t=5,p=1')],
    ['unlimited passes', phc('m=7168,t=999999999,p=1')],
    ['unlimited lanes', phc('m=47104,t=1,p=17')],
    ['a short salt', phc('m=47104,t=1,p=1', unpadded(15))],
    ['a long salt', phc('m=47104,t=1,p=1', unpadded(65))],
    ['a short hash', phc('m=47104,t=1,p=1', SALT, unpadded(31))],
    ['a long hash', phc('m=47104,t=1,p=1', SALT, unpadded(65))],
    ['padding', phc('m=47104,t=1,p=1', `${SALT}==`)],
    ['spare bits', phc('m=47104,t=1,p=1', `${SALT.slice(0, -1)}B`)],
    ['base64url', phc('m=47104,t=1,p=1', SALT, `-${HASH.slice(1)}`)],
    ['a second line', `${phc('m=47104,t=1,p=1')}\n`],
    ['a prefix', ` ${phc('m=47104,t=1,p=1')}`],
  ])('with %s is refused, and not repeated', (_what, text) => {
    expect(() => parsePasswordHash(text)).toThrow(PasswordHashError);
    try {
      parsePasswordHash(text);
    } catch (error) {
      expect(String(error)).not.toContain(HASH.slice(0, 12));
    }
  });

  it('opens for its password only', async () => {
    const hasher = new PasswordHasher();
    const made = await hasher.hash('Schl\u00fcssel zum Hof', systemRandom);
    expect(formatPasswordHash(made)).toMatch(
      /^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    const read = parsePasswordHash(formatPasswordHash(made));
    expect(await hasher.verify('Schlu\u0308ssel zum Hof', read)).toBe(true);
    for (const wrong of ['', 'Schl\u00fcssel zum Hof ', 'schl\u00fcssel zum hof'])
      expect(await hasher.verify(wrong, read)).toBe(false);
    expect((await hasher.hash('Schl\u00fcssel zum Hof', systemRandom)).hash.equals(made.hash)).toBe(false);
  });

  it('agrees with other implementations of Argon2id', async () => {
    const hasher = new PasswordHasher();
    // From the test vectors of the reference implementation (phc-winner-argon2, test.c).
    const reference = {
      memory: 65_536,
      passes: 2,
      parallelism: 1,
      salt: Buffer.from('somesalt'),
      hash: Buffer.from(HASH, 'base64'),
    };
    expect(await hasher.verify('password', reference)).toBe(true);
    expect(await hasher.verify('differentpassword', reference)).toBe(false);
    const salt = Buffer.alloc(16, 3);
    const hash = Buffer.from(argon2id('lanes and passes', salt, { m: 64, t: 3, p: 2, dkLen: 32 }));
    expect(
      await hasher.verify('lanes and passes', { memory: 64, passes: 3, parallelism: 2, salt, hash }),
    ).toBe(true);
  });

  it('is checked off the event loop, by a few at a time, and refused at once when too many wait', async () => {
    const hasher = new PasswordHasher({ concurrency: 1, queue: 1 });
    const stored = parsePasswordHash(phc('m=47104,t=1,p=1'));
    let turns = 0;
    let working = true;
    const turn = (): void => void setImmediate(() => (working ? ((turns += 1), turn()) : undefined));
    turn();
    const checks = await Promise.allSettled(['a', 'b', 'c'].map((text) => hasher.verify(text, stored)));
    working = false;
    expect(checks.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(checks[2]).toMatchObject({ reason: expect.any(KdfBusyError) as unknown });
    expect(turns).toBeGreaterThan(50);
  });
});
