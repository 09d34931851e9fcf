import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { keysOf, openPortal, until, type Portal } from './kit/portal.js';
import { expectField, expectProblem } from './kit/problems.js';
import { seal } from './kit/sealed.js';

const MAX = 262_144;
const MAX_TTL = 2_592_000;
let portal: Portal;

beforeAll(async () => {
  // Without a database only Redis itself reports an end: otherwise the trail does a little later.
  portal = await openPortal({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } });
});
afterAll(() => portal.close());

async function expectRoundTrip(content: string): Promise<void> {
  const { id } = await portal.client.create({ content });
  const { body } = await portal.client.reveal(id);
  expect(body.content === content).toBe(true);
}

describe('content', () => {
  const perfect: Record<string, string> = {
    'one character': 'x',
    'exactly 256 KiB': 'x'.repeat(MAX),
    '256 KiB of emoji': '🔥'.repeat(MAX / 4),
    'a family, flags and combining marks': '👨‍👩‍👧‍👦🏴‍☠️🇩🇪 e\u0301 ﷽',
    'a NUL': 'before\u0000after',
    '262,144 NULs, each six bytes on the wire': '\u0000'.repeat(MAX),
    'a byte order mark': '\uFEFFtext\uFEFF',
    'line ends of every kind': 'a\nb\r\nc\rd\u2028e\u2029f\u0085g',
    'non-characters and the last code point': '\uFFFE\uFFFF\u{10FFFF}',
    'unnormalised text, which stays so': 'e\u0301 \u00e9 \u212b',
    'right-to-left overrides': '\u202Eabc\u202C',
    'only blanks': '   \t\n',
    'what looks like markup, JSON and Lua': `<script>alert(1)</script>{"a":"\\u0000"}]]..redis.call('FLUSHALL')`,
  };
  it.each(Object.entries(perfect))('comes back perfectly: %s', (_, content) => expectRoundTrip(content));

  it('is named when it is empty, absent, too large or no text', async () => {
    for (const content of ['', undefined, null, 7, true, ['x'], { a: 1 }]) {
      expectField(await portal.client.tryCreate({ content }), 'content');
    }
    for (const content of [
      'x'.repeat(MAX + 1),
      '\u0000'.repeat(MAX + 1),
      `${'🔥'.repeat(MAX / 4)}x`,
      'é'.repeat(MAX),
    ]) {
      const answer = await portal.client.tryCreate({ content });
      expectProblem(answer, 413, 'payload_too_large');
      expect(answer.body).toMatchObject({ field: 'content', limit: MAX });
    }
  });

  it('is refused with half of a surrogate pair, which UTF-8 cannot carry', async () => {
    for (const half of ['"\\ud83d"', '"a\\udd25b"', '"\\udd25\\ud83d"']) {
      const answer = await portal.client.send('POST', '/api/v1/secrets', { text: `{"content":${half}}` });
      expectField(answer, 'content');
    }
  });

  it('that is far too large is refused before it is read, by a limit that is named', async () => {
    const answer = await portal.client.tryCreate({ content: 'x'.repeat(3_000_000) });
    expectProblem(answer, 413, 'payload_too_large');
    expect(answer.body).toMatchObject({ field: 'body', limit: expect.any(Number) });
    const small = await portal.client.send(
      'POST',
      `/api/v1/secrets/${(await portal.client.create()).id}/reveal`,
      {
        json: { passphrase: 'x'.repeat(40_000) },
      },
    );
    expectProblem(small, 413, 'payload_too_large');
  });

  it('may hold 256 KiB when sealed, too', async () => {
    const { fields, proof } = await seal('x'.repeat(MAX));
    const { id } = await portal.client.create({ ...fields });
    expect((await portal.client.reveal(id, { proof })).body.content === fields.content).toBe(true);
    const over = await seal('x'.repeat(MAX + 3_000));
    expectProblem(await portal.client.tryCreate(over.fields), 413, 'payload_too_large');
    for (const content of ['not base64!', 'aGVsbG8=', '', fields.content.slice(1)]) {
      expectField(await portal.client.tryCreate({ ...fields, content }), 'content');
    }
  });
});

describe('every limit', () => {
  it.each<[string, unknown, number | undefined]>([
    ['ttlSeconds', 0, 1],
    ['ttlSeconds', -1, 1],
    ['ttlSeconds', MAX_TTL + 1, MAX_TTL],
    ['ttlSeconds', 1.5, undefined],
    ['ttlSeconds', '60', undefined],
    ['ttlSeconds', 1e300, undefined],
    ['maxViews', 0, 1],
    ['maxViews', 101, 100],
    ['maxViews', -5, 1],
    ['maxViews', 2.5, undefined],
    ['maxViews', '2', undefined],
    ['passphrase', '', undefined],
    ['passphrase', 'x'.repeat(257), 256],
    ['passphrase', 12_345, undefined],
    ['sealed', 'yes', undefined],
    ['passphraseRequired', 1, undefined],
    ['proofHash', 'short', undefined],
    ['proofHash', '!'.repeat(43), undefined],
  ])('%s = %j is refused by name', async (field, value, limit) => {
    expectField(await portal.client.tryCreate({ content: 'x', [field]: value }), field, limit);
  });

  it.each<[string, unknown]>([
    ['ttlSeconds', 1],
    ['ttlSeconds', MAX_TTL],
    ['maxViews', 1],
    ['maxViews', 100],
    ['passphrase', 'x'],
    ['passphrase', '🔑'.repeat(128)],
    ['sealed', false],
  ])('%s = %j is taken', async (field, value) => {
    expect((await portal.client.tryCreate({ content: 'x', [field]: value })).status).toBe(201);
  });

  it('names every wrong field at once, and unknown ones', async () => {
    const answer = await portal.client.tryCreate({ content: '', ttlSeconds: 0, maxViews: 0, colour: 'red' });
    for (const field of ['content', 'ttlSeconds', 'maxViews', 'colour']) expectField(answer, field);
    expectField(await portal.client.tryCreate({ content: 'x', sealed: true }), 'proofHash');
    expectField(await portal.client.tryCreate({ content: 'x', proofHash: 'A'.repeat(43) }), 'proofHash');
    expectField(
      await portal.client.tryCreate({ content: 'x', passphraseRequired: true }),
      'passphraseRequired',
    );
    const { fields } = await seal('x');
    expectField(await portal.client.tryCreate({ ...fields, passphrase: 'p' }), 'passphrase');
  });

  it('of the life of a secret is kept to the millisecond by Redis', async () => {
    const now = async () => {
      const [seconds = 0, micros = 0] = (await portal.db.time()).map(Number);
      return seconds * 1_000 + Math.floor(micros / 1_000);
    };
    const before = await now();
    const { id, expiresAt } = await portal.client.create({ ttlSeconds: MAX_TTL });
    const after = await now();
    // Both are reckoned from some moment of the request; two clocks may differ by a little.
    for (const end of [await portal.db.pexpiretime(keysOf(id).record), Date.parse(expiresAt)]) {
      const begun = end - MAX_TTL * 1_000;
      expect(begun).toBeGreaterThanOrEqual(before - 50);
      expect(begun).toBeLessThanOrEqual(after + 50);
    }
  });
});

describe('a life of one second', () => {
  it('ends by itself: nothing is left in Redis, and no answer says more than that', async () => {
    const { id, receiptToken } = await portal.client.create({ ttlSeconds: 1 });
    await until(async () => (await portal.db.exists(keysOf(id).record)) === 0, 10_000);
    expect(await portal.db.exists(keysOf(id).tombstone)).toBe(0);
    for (const answer of [
      await portal.client.reveal(id),
      await portal.client.get(id),
      await portal.client.status(id),
    ]) {
      expectProblem(answer, 404, 'secret_not_found');
    }
    expectProblem(await portal.client.burn(id), 404, 'secret_not_found');
    expect((await portal.client.head(id)).status).toBe(404);
    expect((await portal.client.receipt(receiptToken)).body).toMatchObject({ state: 'expired' });
  });
});
