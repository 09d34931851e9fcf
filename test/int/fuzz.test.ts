import { randomBytes, randomInt } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { settledKeyspace, openPortal, type Portal } from './kit/portal.js';
import { expectProblem } from './kit/problems.js';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const NAMES = [
  'content',
  'ttlSeconds',
  'maxViews',
  'passphrase',
  'sealed',
  'proofHash',
  'proof',
  'claim',
  '__proto__',
  '',
];
const pick = <T>(from: readonly T[]): T => from[randomInt(from.length)] as T;

function anything(depth = 0): unknown {
  const text = () =>
    randomBytes(randomInt(40)).toString(pick(['latin1', 'utf16le', 'base64url', 'hex'] as const));
  const simple = [
    null,
    true,
    0,
    -1,
    1e308,
    2 ** 53,
    0.1,
    '',
    '\u0000',
    '\ud800',
    text(),
    'x'.repeat(300),
    text(),
  ];
  if (depth > 3 || randomInt(3) > 0) return pick(simple);
  if (randomInt(2)) return Array.from({ length: randomInt(4) }, () => anything(depth + 1));
  return Object.fromEntries(Array.from({ length: randomInt(6) }, () => [pick(NAMES), anything(depth + 1)]));
}

describe('whatever a client sends', () => {
  it('is never answered with a 500, and never opens or changes what is there', async () => {
    const { id, receiptToken } = await portal.client.create({ content: 'survivor', passphrase: 'p' });
    const before = await settledKeyspace(portal.db);
    const paths = [
      `/api/v1/secrets/${id}/reveal`,
      `/api/v1/secrets/${id}/acknowledge`,
      `/api/v1/secrets/${id}`,
      '/api/v1/secrets',
    ];
    for (let round = 0; round < 600; round++) {
      const path = randomInt(4)
        ? pick(paths)
        : `/${encodeURIComponent(String(anything(9)).toWellFormed()).replaceAll('%', pick(['%', '%25', '']))}`;
      const method = pick(['POST', 'POST', 'POST', 'DELETE', 'GET', 'HEAD', 'PUT', 'PATCH', 'OPTIONS']);
      const text = randomInt(5)
        ? JSON.stringify(randomInt(3) ? { [pick(NAMES)]: anything() } : anything())
        : randomBytes(50);
      const headers = {
        [pick(['accept', 'x-passphrase', 'x-receipt-token', 'sec-fetch-dest', 'purpose', 'origin'])]:
          `${randomInt(1e6)}`,
      };
      const answer = await portal.client.send(method, path, { text, headers });
      if (answer.status >= 500)
        throw new Error(`${answer.status} for ${method} ${path} ${String(text)}: ${answer.text}`);
      if (answer.status >= 400 && method !== 'HEAD') expectProblem(answer);
    }
    for (const key of Object.keys(before)) expect(await portal.db.exists(key)).toBe(1);
    expect((await portal.client.receipt(receiptToken)).body).toMatchObject({ viewsLeft: 1 });
  });
});
