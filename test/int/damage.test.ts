import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim, type Answer } from './kit/client.js';
import { keysOf, openPortal, type Portal } from './kit/portal.js';
import { seal } from './kit/sealed.js';

const SECRET = 'nobody may read this';
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({ env: { PASSPHRASE_KDF_QUEUE: '10000', CLAIM_LEASE_SECONDS: '600' } });
});
afterAll(() => portal.close());

interface Case {
  readonly id: string;
  readonly offer: Record<string, unknown>;
}

const CASES: Readonly<Record<string, () => Promise<Case>>> = {
  plain: async () => ({ id: (await portal.client.create({ content: SECRET })).id, offer: {} }),
  'of two views, one claimed': async () => {
    const { id } = await portal.client.create({ content: SECRET, maxViews: 2 });
    await portal.client.reveal(id, { claim: newClaim() });
    return { id, offer: {} };
  },
  claimed: async () => {
    const { id } = await portal.client.create({ content: SECRET });
    const claim = newClaim();
    await portal.client.reveal(id, { claim });
    return { id, offer: { claim } };
  },
  sealed: async () => {
    const { fields, proof } = await seal(SECRET);
    return { id: (await portal.client.create({ ...fields })).id, offer: { proof } };
  },
};

/** Replaces the value and keeps its TTL. */
async function put(key: string, value: Buffer): Promise<void> {
  await portal.db.set(key, value, 'KEEPTTL');
}

function expectRefused(answer: Answer): void {
  expect([400, 401, 403, 404, 410, 423, 503]).toContain(answer.status);
  expect(answer.text).not.toContain(SECRET);
  expect(answer.body).toHaveProperty('code');
  if (answer.status === 503) expect(answer.body).toMatchObject({ code: 'record_damaged' });
}

async function expectEachRefused(one: Case, damaged: readonly Buffer[], whole: Buffer): Promise<void> {
  const { record, tombstone } = keysOf(one.id);
  const buried = await portal.db.exists(tombstone);
  for (const bytes of damaged) {
    await put(record, bytes);
    expectRefused(await portal.client.reveal(one.id, one.offer));
    expect((await portal.client.status(one.id)).status).toBeLessThan(504);
    // Whatever was answered: not one byte was changed, and nothing was buried.
    expect(await portal.db.getBuffer(record)).toEqual(bytes);
    expect(await portal.db.exists(tombstone)).toBe(buried);
  }
  await put(record, whole);
}

describe.each(Object.entries(CASES))('a damaged record (%s)', (_, make) => {
  it('is refused for a flip in any byte, and opens when the byte is repaired', async () => {
    const one = await make();
    const whole = (await portal.db.getBuffer(keysOf(one.id).record)) ?? Buffer.alloc(0);
    const flips = [...whole.keys()].map((at) => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      return bytes;
    });
    await expectEachRefused(one, flips, whole);
    expect((await portal.client.reveal(one.id, one.offer)).status).toBe(200);
  });

  it('is refused when cut, prolonged or swapped with another', async () => {
    const [one, other] = [await make(), await make()];
    const whole = (await portal.db.getBuffer(keysOf(one.id).record)) ?? Buffer.alloc(0);
    const foreign = (await portal.db.getBuffer(keysOf(other.id).record)) ?? Buffer.alloc(0);
    const lengths = [0, 1, 23, 24, 63, 93, 117, 118, whole.length - 22, whole.length - 1];
    const cut = lengths.map((length) => whole.subarray(0, Math.max(0, length)));
    const longer = [Buffer.concat([whole, Buffer.alloc(1)]), Buffer.concat([whole, Buffer.alloc(22)])];
    await expectEachRefused(
      one,
      [...cut, ...longer, foreign, Buffer.alloc(500, 1), Buffer.alloc(500)],
      whole,
    );
    expect((await portal.client.reveal(one.id, one.offer)).status).toBe(200);
  });
});

describe('a damaged record with a passphrase', () => {
  it('is refused for a flip in any byte, and opens when the byte is repaired', async () => {
    const { id } = await portal.client.create({ content: SECRET, passphrase: 'p' });
    const { record } = keysOf(id);
    const whole = (await portal.db.getBuffer(record)) ?? Buffer.alloc(0);
    // Without the passphrase the whole record is checked as well, and no Argon2id is run for each byte.
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      await put(record, bytes);
      const guess = at % 16 === 0 ? { passphrase: 'p' } : {};
      expectRefused(await portal.client.reveal(id, guess));
      expect(await portal.db.getBuffer(record)).toEqual(bytes);
    }
    await put(record, whole);
    expect((await portal.client.reveal(id, { passphrase: 'p' })).body).toMatchObject({ content: SECRET });
  });
});

describe('a damaged tombstone', () => {
  it('never makes a 500, and never brings anything back', async () => {
    const { id, receiptToken } = await portal.client.create({ content: SECRET });
    await portal.client.reveal(id);
    const { tombstone } = keysOf(id);
    const whole = (await portal.db.getBuffer(tombstone)) ?? Buffer.alloc(0);
    const flips = Array.from({ length: whole.length * 8 }, (_, bit) => {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit % 8));
      return bytes;
    });
    for (const bytes of [
      ...flips,
      Buffer.alloc(0),
      whole.subarray(0, 7),
      Buffer.alloc(9, 1),
      Buffer.alloc(8, 255),
    ]) {
      await put(tombstone, bytes);
      for (const answer of [await portal.client.reveal(id), await portal.client.status(id)]) {
        expect([404, 410]).toContain(answer.status);
      }
      expect((await portal.client.receipt(receiptToken)).status).toBe(200);
    }
  });
});
