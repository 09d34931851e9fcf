import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Client, newClaim } from './kit/client.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';
import { startApp } from '../support/app-process.js';

const LOCK_SECONDS = 8;
const RIGHT = { passphrase: 'open sesame' };
const WRONG = { passphrase: 'open barley' };
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({ env: { PASSPHRASE_LOCK_SECONDS: String(LOCK_SECONDS) } });
});
afterAll(() => portal.close());

async function lock(id: string): Promise<void> {
  for (let guess = 0; guess < 5; guess++) await portal.client.reveal(id, WRONG);
}

function unlocked(id: string): Promise<void> {
  return until(async () => (await portal.client.status(id)).body.state === 'live');
}

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      { get: { parameters: readonly { name: string; schema: { pattern?: string } }[] } } | undefined
    >
  >;
}

describe('a passphrase', () => {
  it('leaves five attempts, then locks for a while, then opens with the right one', async () => {
    const { id } = await portal.client.create({ content: 'guarded', ...RIGHT });
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      const answer = await portal.client.reveal(id, WRONG);
      expect(answer).toMatchObject({ status: 403, body: { code: 'passphrase_wrong', attemptsLeft } });
    }
    for (const offer of [WRONG, RIGHT, {}, { ...RIGHT, claim: newClaim() }]) {
      const refused = await portal.client.reveal(id, offer);
      expect(refused).toMatchObject({ status: 423, body: { code: 'secret_locked' } });
      const wait = Date.parse(String(refused.body.retryAt)) - Date.now();
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(LOCK_SECONDS * 1000);
    }
    expect((await portal.client.status(id)).body).toMatchObject({ state: 'locked', viewsLeft: 1 });
    await unlocked(id);
    expect(await portal.client.reveal(id, WRONG)).toMatchObject({ status: 403, body: { attemptsLeft: 4 } });
    expect(await portal.client.reveal(id, RIGHT)).toMatchObject({
      status: 200,
      body: { content: 'guarded' },
    });
  });

  it('that others guess wrong takes no view from a reader who claimed one before the lock', async () => {
    const { id } = await portal.client.create({ content: 'twice', maxViews: 2, ...RIGHT });
    const mine = { ...RIGHT, claim: newClaim() };
    expect(await portal.client.reveal(id, mine)).toMatchObject({ status: 200, body: { viewsLeft: 1 } });
    await lock(id);
    expect(await portal.client.reveal(id, { ...RIGHT, claim: newClaim() })).toMatchObject({ status: 423 });
    expect(await portal.client.reveal(id, mine)).toMatchObject({ status: 200, body: { content: 'twice' } });
  });

  it('that is missing is asked for, and not counted', async () => {
    const { id } = await portal.client.create(RIGHT);
    const before = await portal.db.getBuffer(keysOf(id).record);
    for (let time = 0; time < 7; time++) {
      expect(await portal.client.reveal(id)).toMatchObject({
        status: 401,
        body: { code: 'passphrase_required' },
      });
      expect(await portal.client.get(id)).toMatchObject({
        status: 401,
        body: { code: 'passphrase_required' },
      });
    }
    expect(await portal.db.getBuffer(keysOf(id).record)).toEqual(before);
    expect((await portal.client.reveal(id, RIGHT)).status).toBe(200);
  });

  it('gets no more than five guesses out of fifty at once', async () => {
    // Fifty derivations take longer than the short lock of the other tests.
    const slow = await startApp({
      env: { ...portal.env, PASSPHRASE_LOCK_SECONDS: '900' },
      redisUrl: portal.redis.url,
    });
    const client = new Client(slow.url);
    const { id } = await client.create(RIGHT);
    const guesses = Array.from({ length: 50 }, (_, n) => client.reveal(id, { passphrase: `guess ${n}` }));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(5);
    expect(statuses.filter((status) => status === 423)).toHaveLength(45);
    expect(await client.reveal(id, RIGHT)).toMatchObject({ status: 423 });
    client.close();
    await slow.stop();
  });

  it('starts a new count after the right one, when views are left', async () => {
    const { id } = await portal.client.create({ ...RIGHT, maxViews: 2 });
    for (let guess = 0; guess < 4; guess++) await portal.client.reveal(id, WRONG);
    expect((await portal.client.reveal(id, RIGHT)).status).toBe(200);
    expect((await portal.client.reveal(id, WRONG)).body).toMatchObject({ attemptsLeft: 4 });
  });

  it.each([
    ['composed and decomposed', 'Å ngström é', 'A\u030A ngstro\u0308m e\u0301'],
    ['Hangul', '한글', '\u1112\u1161\u11ab\u1100\u1173\u11af'],
  ])('is the same in every Unicode spelling: %s', async (_, one, other) => {
    expect(one).not.toBe(other);
    const first = await portal.client.create({ passphrase: one });
    expect((await portal.client.reveal(first.id, { passphrase: other })).status).toBe(200);
    const second = await portal.client.create({ passphrase: other });
    expect((await portal.client.reveal(second.id, { passphrase: one })).status).toBe(200);
  });

  it('is taken as UTF-8 from the X-Passphrase header', async () => {
    const passphrase = 'schlüssel 🔑';
    const { id } = await portal.client.create({ content: 'by header', passphrase });
    const header = (text: string) => ({ 'X-Passphrase': Buffer.from(text, 'utf8').toString('latin1') });
    expect((await portal.client.get(id, header('schlussel'))).body).toMatchObject({ attemptsLeft: 4 });
    const tooLong = await portal.client.get(id, header('x'.repeat(257)));
    expect(tooLong).toMatchObject({ status: 400, body: { errors: [{ field: 'X-Passphrase', limit: 256 }] } });
    expect((await portal.client.get(id, header(passphrase))).body).toMatchObject({ content: 'by header' });
  });

  it('keeps its outer spaces, and whatever else it has, in the X-Passphrase-Encoded header', async () => {
    const passphrase = ' %41 süß🔥 ';
    const { id } = await portal.client.create({ content: 'guarded', passphrase });
    const encoded = (text: string) => ({ 'X-Passphrase-Encoded': text });
    const { text } = await portal.client.send('GET', '/api/openapi.json');
    const { paths } = JSON.parse(text) as OpenApi;
    const header = paths['/api/v1/secrets/{id}']?.get.parameters.find(
      ({ name }) => name === 'X-Passphrase-Encoded',
    );
    const documented = new RegExp(header?.schema.pattern ?? 'none');
    for (const odd of ['%', '%ff', '%C0%80', '%ED%A0%80', '%F4%90%80%80', '%E2%82', 'ü']) {
      expect(odd).not.toMatch(documented);
      expect(await portal.client.get(id, encoded(odd))).toMatchObject({ status: 400 });
    }
    for (const good of ['a b', '%41', '%C3%BC', '%e2%82%ac', '%F0%9F%94%91', '%EF%BF%BF', '%F4%8F%BF%BF'])
      expect(good).toMatch(documented);
    const limit = { body: { errors: [{ field: 'X-Passphrase-Encoded', limit: 256 }] } };
    for (const bad of ['%', '%ff', 'ü', 'x'.repeat(257)]) {
      expect(await portal.client.get(id, encoded(bad))).toMatchObject({ status: 400, ...limit });
    }
    const raw = Buffer.from(passphrase, 'utf8').toString('latin1');
    expect(await portal.client.get(id, { 'X-Passphrase': raw })).toMatchObject({ status: 403 });
    const right = encoded(encodeURIComponent(passphrase));
    expect(await portal.client.get(id, right)).toMatchObject({ status: 200, body: { content: 'guarded' } });
  });

  it('is demanded to burn the secret, but not of its sender', async () => {
    const { id, receiptToken } = await portal.client.create(RIGHT);
    expect(await portal.client.burn(id)).toMatchObject({
      status: 401,
      body: { code: 'passphrase_required' },
    });
    expect(await portal.client.burn(id, { json: WRONG })).toMatchObject({
      status: 403,
      body: { attemptsLeft: 4 },
    });
    const foreign = (await portal.client.create()).receiptToken;
    expect(await portal.client.burn(id, { headers: { 'X-Receipt-Token': foreign } })).toMatchObject({
      status: 404,
    });
    expect(await portal.db.exists(keysOf(id).record)).toBe(1);
    expect((await portal.client.burn(id, { json: RIGHT })).status).toBe(204);
    expect(await portal.client.reveal(id, RIGHT)).toMatchObject({ status: 410, body: { reason: 'burned' } });

    const other = await portal.client.create(RIGHT);
    await lock(other.id);
    expect((await portal.client.burn(other.id, { json: RIGHT })).status).toBe(423);
    expect((await portal.client.send('DELETE', `/api/v1/receipts/${other.receiptToken}`)).status).toBe(204);
    expect(await portal.client.send('DELETE', `/api/v1/receipts/${receiptToken}`)).toMatchObject({
      status: 410,
      body: { reason: 'burned' },
    });
  });

  it('that is offered where none is asked for changes nothing', async () => {
    for (const offer of [RIGHT, { ...RIGHT, claim: newClaim() }, { ...RIGHT, proof: 'A'.repeat(43) }]) {
      const { id } = await portal.client.create({ content: 'unguarded' });
      expect((await portal.client.reveal(id, offer)).body).toMatchObject({ content: 'unguarded' });
    }
    const guarded = await portal.client.create(RIGHT);
    const both = { ...RIGHT, proof: 'A'.repeat(43) };
    expect((await portal.client.reveal(guarded.id, both)).status).toBe(200);
  });
});
