import { hash } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { formatPasswordHash } from '../../src/auth/local-admin/password-hash.js';
import { PasswordHasher } from '../../src/auth/local-admin/password-hasher.js';
import { TRIES_OF_ADDRESS } from '../../src/auth/local-admin/redis-sign-in-throttle.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import type { Answer } from './kit/client.js';
import { ADMIN } from './kit/people.js';
import { openPortal, until, type Portal } from './kit/portal.js';

const LIMIT = 5;
const PUBLIC_URL = 'https://portal.example';
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({
    env: {
      PUBLIC_URL,
      RATE_LIMIT: 'on',
      RATE_LIMIT_CREATE: String(LIMIT),
      TRUST_PROXY: 'loopback,10.0.0.0/8',
      AUDIT_IP: 'full',
      ADMIN_USERNAME: ADMIN.username,
      ADMIN_PASSWORD_HASH: formatPasswordHash(await new PasswordHasher().hash(ADMIN.password, systemRandom)),
    },
  });
});
beforeEach(async () => {
  const counters = await Promise.all(['*:l:*', '*:admin:*'].map((pattern) => portal.db.keys(pattern)));
  await Promise.all(counters.flat().map((key) => portal.db.del(key)));
});
afterAll(() => portal.close());

const create = (forwarded: string): Promise<Answer> =>
  portal.client.send('POST', '/api/v1/secrets', {
    json: { content: 'x' },
    headers: { 'X-Forwarded-For': forwarded },
  });

/** The codes of wrong sign-ins, one after the other. */
async function signIns(tries: number, forwarded: (n: number) => string): Promise<unknown[]> {
  const codes: unknown[] = [];
  for (let n = 0; n < tries; n += 1) {
    const { body } = await portal.client.send('POST', '/api/v1/auth/local', {
      json: { ...ADMIN, password: 'a wrong password' },
      headers: {
        origin: PUBLIC_URL,
        'x-burnbag-csrf': '1',
        'X-Forwarded-For': forwarded(n),
      },
    });
    codes.push(body['code']);
  }
  return codes;
}

const SPELLINGS: readonly (readonly [string, string, (n: number) => string])[] = [
  ['IPv4 with a port', '203.0.113.8', (n) => `203.0.113.8:${50_000 + n}`],
  ['IPv6 with a port', '2001:db8::5', (n) => `[2001:db8::5]:${50_000 + n}`],
  ['IPv6 in brackets', '2001:db8::5', () => '[2001:db8::5]'],
  ['IPv4 mapped into IPv6, with a port', '203.0.113.8', (n) => `[::ffff:203.0.113.8]:${50_000 + n}`],
  ['IPv6 with a zone', 'fe80::7', (n) => `fe80::7%eth${n}`],
  ['what another client claimed in front of it', '203.0.113.8', (n) => `198.51.100.${n}:1, 203.0.113.8:${n}`],
  ['more than one proxy', '203.0.113.8', (n) => `203.0.113.8:${50_000 + n}, 10.0.0.${n}:443`],
  ['nothing that can be parsed', '127.0.0.1', (n) => `unknown-${n}`],
  ['the syntax of Forwarded', '127.0.0.1', (n) => `for="[2001:db8::${n}]:443";proto=https`],
  ['a port that is none', '127.0.0.1', (n) => `203.0.113.8:x${n}`],
];

describe.each(SPELLINGS)('a proxy that writes %s', (_, address, forwarded) => {
  it('cannot make one client many: its limit holds', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_unused, n) => create(forwarded(n))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(LIMIT);
  });

  it('cannot open the lock of the administrator', async () => {
    const codes = await signIns(TRIES_OF_ADDRESS + 1, forwarded);
    expect(codes).toEqual([...Array<string>(TRIES_OF_ADDRESS).fill('sign_in_wrong'), 'sign_in_locked']);
  });

  it('leaves the address in the trail and in the request log', async () => {
    const [app] = portal.apps;
    const before = app?.output().length ?? 0;
    const made = await create(forwarded(1));
    const receipt = () => portal.client.receipt(String(made.body['receiptToken']));
    await until(async () => (await receipt()).text.includes('ipAddress'));
    expect((await receipt()).body['timeline']).toEqual([
      expect.objectContaining({ action: 'created', ipAddress: address }),
    ]);
    await until(() => app?.output().slice(before).includes(`"ip":"${address}"`) ?? false);
  });
});

it('leaves nothing in Redis from which an address or a name could be tried out', async () => {
  const known = ['203.0.113.8', '2001:db8::5', '2001:db8::', '2001:db8::/64', '127.0.0.1', ADMIN.username];
  const digests = known.flatMap((text) =>
    ['md5', 'sha1', 'sha256', 'sha512'].flatMap((algorithm) =>
      (['hex', 'base64', 'base64url'] as const).map((form) => hash(algorithm, text, form).slice(0, 16)),
    ),
  );
  for (const forwarded of ['203.0.113.8', '2001:db8::5', '127.0.0.1']) {
    await create(forwarded);
    await signIns(1, () => forwarded);
  }
  const keys = await portal.db.keys('*');
  expect(keys.join(' ')).toMatch(/:l:create:.*:l:signIn:|:l:signIn:.*:l:create:/);
  expect(keys.join(' ')).toContain(':admin:');
  const values = await Promise.all(keys.map((key) => portal.db.dumpBuffer(key)));
  const everything = `${keys.join('\n')}\n${Buffer.concat(values).toString('latin1')}`;
  expect(digests.filter((digest) => everything.includes(digest))).toEqual([]);
});
