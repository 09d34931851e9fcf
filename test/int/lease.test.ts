import net from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim } from './kit/client.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';

const LEASE_SECONDS = 6;
const CLAIMED = 2;
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({ apps: 2, env: { CLAIM_LEASE_SECONDS: String(LEASE_SECONDS) } });
});
afterAll(() => portal.close());

/** Sends a reveal and cuts the connection without reading one byte of the answer. */
async function revealAndCut(id: string, claim: string, when: () => Promise<void>): Promise<void> {
  const { hostname, port } = new URL(portal.client.url);
  const socket = net.connect(Number(port), hostname).pause();
  const body = JSON.stringify({ claim });
  const head = `POST /api/v1/secrets/${id}/reveal HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json`;
  await new Promise<void>((sent) => {
    socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`, () => sent());
  });
  await when();
  socket.destroy();
}

async function isClaimed(id: string): Promise<boolean> {
  return (await portal.db.getBuffer(keysOf(id).record))?.[2] === CLAIMED;
}

async function exists(key: string): Promise<number> {
  return portal.db.exists(key);
}

const GONE = { status: 410, body: { code: 'secret_gone', reason: 'viewed' } };

describe('a reader whose connection was cut before the answer came', () => {
  it('gets the secret with the same claim, from any process, and no other client does', async () => {
    const { id } = await portal.client.create({ content: 'nearly lost' });
    const claim = newClaim();
    await revealAndCut(id, claim, () => until(() => isClaimed(id)));

    const stranger = await portal.client.reveal(id, { claim: newClaim() });
    expect(stranger).toMatchObject(GONE);
    expect(Date.parse(String(stranger.body.at))).toBeCloseTo(Date.now(), -4);
    expect(await portal.client.reveal(id)).toMatchObject(GONE);
    expect(await portal.client.get(id)).toMatchObject(GONE);
    for (const client of portal.clients) {
      const again = await client.reveal(id, { claim });
      expect(again).toMatchObject({ status: 200, body: { content: 'nearly lost', viewsLeft: 0 } });
    }
    expect(await portal.client.acknowledge(id, claim)).toMatchObject({ status: 204, text: '' });
    expect(await portal.client.reveal(id, { claim })).toMatchObject(GONE);
    expect(await exists(keysOf(id).record)).toBe(0);
    expect(await exists(keysOf(id).tombstone)).toBe(1);
  });

  it('never loses it, wherever the cut falls', async () => {
    for (let round = 0; round < 60; round++) {
      const { id } = await portal.client.create({ content: `cut ${round}` });
      const claim = newClaim();
      await revealAndCut(id, claim, () => new Promise((resolve) => setTimeout(resolve, (round % 12) / 4)));
      expect((await portal.client.reveal(id, { claim })).body).toMatchObject({ content: `cut ${round}` });
      expect(await portal.client.reveal(id, { claim: newClaim() })).toMatchObject(GONE);
    }
  });
});

describe('a lease', () => {
  it('ends by itself, and purges the record without anybody asking', async () => {
    const { id } = await portal.client.create();
    const claim = newClaim();
    const { body } = await portal.client.reveal(id, { claim });
    const ends = Date.parse(String(body.leaseExpiresAt));
    expect(ends - Date.now()).toBeLessThanOrEqual(LEASE_SECONDS * 1000);
    expect((await portal.client.status(id)).body).toMatchObject({ state: 'claimed', viewsLeft: 0 });
    await until(async () => (await exists(keysOf(id).record)) === 0, LEASE_SECONDS * 1000 + 10_000);
    expect(Date.now()).toBeGreaterThanOrEqual(ends - 5);
    expect(await portal.client.reveal(id, { claim })).toMatchObject(GONE);
    expect(await portal.client.status(id)).toMatchObject(GONE);
  });

  it('is not prolonged by reading again', async () => {
    const { id } = await portal.client.create();
    const claim = newClaim();
    const first = await portal.client.reveal(id, { claim });
    const ttl = await portal.db.pexpiretime(keysOf(id).record);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = await portal.client.reveal(id, { claim });
    expect(second.body.leaseExpiresAt).toBe(first.body.leaseExpiresAt);
    expect(await portal.db.pexpiretime(keysOf(id).record)).toBe(ttl);
  });

  it('is acknowledged as often as one likes, and by its own claim only', async () => {
    const { id } = await portal.client.create();
    const claim = newClaim();
    expect(await portal.client.acknowledge(id, claim)).toMatchObject({ status: 204 });
    expect((await portal.client.status(id)).body).toMatchObject({ state: 'live' });
    await portal.client.reveal(id, { claim });
    expect(await portal.client.acknowledge(id, newClaim())).toMatchObject({ status: 204 });
    expect(await exists(keysOf(id).record)).toBe(1);
    for (let time = 0; time < 3; time++) {
      expect(await portal.client.acknowledge(id, claim)).toMatchObject({ status: 204 });
      expect(await exists(keysOf(id).record)).toBe(0);
    }
  });

  it('belongs to each of several claimants, and a retry takes no second view', async () => {
    const { id } = await portal.client.create({ content: 'for three', maxViews: 3 });
    const claims = [newClaim(), newClaim(), newClaim()];
    for (const [at, claim] of claims.entries()) {
      expect((await portal.client.reveal(id, { claim })).body).toMatchObject({ viewsLeft: 2 - at });
      expect((await portal.client.reveal(id, { claim })).body).toMatchObject({ viewsLeft: 2 - at });
    }
    expect(await portal.client.reveal(id, { claim: newClaim() })).toMatchObject(GONE);
    for (const claim of claims) {
      expect((await portal.client.reveal(id, { claim })).body).toMatchObject({ content: 'for three' });
      expect(await exists(keysOf(id).record)).toBe(1);
      await portal.client.acknowledge(id, claim);
      expect(await portal.client.reveal(id, { claim })).toMatchObject(GONE);
    }
    expect(await exists(keysOf(id).record)).toBe(0);
  });

  it('does not exist for a plain GET or a POST without a claim: those purge at once', async () => {
    for (const open of [portal.client.get, portal.client.reveal]) {
      const { id } = await portal.client.create({ content: 'once' });
      const { body } = await open(id);
      expect(body).toEqual({ content: 'once', sealed: false, viewsLeft: 0 });
      expect(await exists(keysOf(id).record)).toBe(0);
      expect(await exists(keysOf(id).tombstone)).toBe(1);
    }
  });

  it('outlives the last view of a client without a claim', async () => {
    const { id } = await portal.client.create({ maxViews: 2 });
    const claim = newClaim();
    await portal.client.reveal(id, { claim });
    expect((await portal.client.reveal(id)).body).toMatchObject({ viewsLeft: 0 });
    expect(await portal.client.reveal(id)).toMatchObject(GONE);
    expect(await portal.client.reveal(id, { claim })).toMatchObject({ status: 200 });
    await portal.client.acknowledge(id, claim);
    expect(await exists(keysOf(id).record)).toBe(0);
  });

  it('keeps a claimed secret past its TTL for no longer than the lease', async () => {
    const { id, expiresAt } = await portal.client.create({ ttlSeconds: 3 });
    const claim = newClaim();
    await portal.client.reveal(id, { claim });
    await until(() => Date.now() > Date.parse(expiresAt) + 100);
    expect((await portal.client.reveal(id, { claim })).status).toBe(200);
    await until(async () => (await exists(keysOf(id).record)) === 0, LEASE_SECONDS * 1000);
  });

  it('promises no more than the life of a secret that has views left', async () => {
    const { id, expiresAt } = await portal.client.create({ maxViews: 2, ttlSeconds: 4 });
    const { body } = await portal.client.reveal(id, { claim: newClaim() });
    expect(Date.parse(String(body.leaseExpiresAt))).toBeLessThanOrEqual(Date.parse(expiresAt) + 100);
  });

  it('of one claimant ends though that of another still runs', async () => {
    const { id } = await portal.client.create({ maxViews: 2 });
    const [early, late] = [newClaim(), newClaim()];
    const { body } = await portal.client.reveal(id, { claim: early });
    await new Promise((resolve) => setTimeout(resolve, (LEASE_SECONDS * 1000) / 2));
    await portal.client.reveal(id, { claim: late });
    const ends = Date.parse(String(body.leaseExpiresAt));
    await until(() => Date.now() > ends + 10);
    expect(await portal.client.reveal(id, { claim: early })).toMatchObject(GONE);
    expect((await portal.client.reveal(id, { claim: late })).status).toBe(200);
  });
});
