import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sampledDatabases } from '../support/database-matrix.js';
import { startPostgres } from '../support/postgres-server.js';
import { newClaim, type Created } from './kit/client.js';
import { keysOf, openPortal, type Portal } from './kit/portal.js';
import { caughtUp } from './kit/recorded.js';

type Entry = Readonly<Record<string, unknown>> & { readonly action: string; readonly at: string };

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

async function receiptOf(portal: Portal, made: Created) {
  const { status, body, text } = await portal.client.receipt(made.receiptToken);
  expect(status).toBe(200);
  return { body, text, timeline: body.timeline as Entry[] };
}

describe.each(sampledDatabases())('the timeline of a receipt, from $name', (engine) => {
  let portal: Portal;

  beforeAll(async () => {
    portal = await openPortal({ env: { PASSPHRASE_ATTEMPTS: '3' }, engine });
  });
  afterAll(() => portal.close());

  it('tells everything that happened, in its order', async () => {
    const { client } = portal;
    const made = await client.create({ content: 'zebra', passphrase: 'right', maxViews: 2 });
    const claim = newClaim();
    const agent = { headers: { 'User-Agent': 'Reader/1.0' } };
    for (const passphrase of ['wrong', 'worse']) await client.reveal(made.id, { passphrase });
    const opening = { json: { passphrase: 'right', claim }, ...agent };
    expect((await client.send('POST', `/api/v1/secrets/${made.id}/reveal`, opening)).status).toBe(200);
    expect((await client.reveal(made.id, { passphrase: 'right', claim })).status).toBe(200);
    expect((await client.acknowledge(made.id, claim)).status).toBe(204);
    expect((await client.get(made.id, { 'X-Passphrase': 'right' })).status).toBe(200);
    await caughtUp(portal);

    const { body, text, timeline } = await receiptOf(portal, made);
    expect(body).toMatchObject({ state: 'viewed', timelineComplete: true, ref: made.ref });
    // The connection of the tests is local: its network is all that is kept.
    const from = { at: TIME, ipAddress: '127.0.0.0' };
    expect(timeline).toEqual([
      { action: 'created', ...from },
      { action: 'attempt_failed', ...from, attemptsLeft: 2 },
      { action: 'attempt_failed', ...from, attemptsLeft: 1 },
      { action: 'viewed', ...from, userAgent: 'Reader/1.0', viewsLeft: 1 },
      { action: 'view_retried', ...from },
      { action: 'acknowledged', ...from },
      { action: 'viewed', ...from, viewsLeft: 0 },
    ]);
    expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).sort());
    expect(body.endedAt).toBe(timeline.at(-1)?.at);
    for (const secret of [made.id, 'zebra', 'right', claim]) expect(text).not.toContain(secret);
  });

  it('says until when it is locked, and who burned it', async () => {
    const { client } = portal;
    const locked = await client.create({ passphrase: 'p' });
    for (let guess = 0; guess < 3; guess += 1) await client.reveal(locked.id, { passphrase: 'q' });
    const [byReader, bySender] = [await client.create(), await client.create({ passphrase: 'p' })];
    await client.burn(byReader.id);
    await client.burn(bySender.id, { headers: { 'X-Receipt-Token': bySender.receiptToken } });
    await caughtUp(portal);

    const { body, timeline } = await receiptOf(portal, locked);
    expect(timeline.map(({ action }) => action)).toEqual([
      'created',
      ...Array.from({ length: 3 }, () => 'attempt_failed'),
      'locked',
    ]);
    expect(timeline.at(-2)).toMatchObject({ attemptsLeft: 0 });
    expect(timeline.at(-1)).toMatchObject({ until: TIME });
    expect(body).toMatchObject({ state: 'locked', retryAt: timeline.at(-1)?.['until'] });

    for (const [made, by] of [
      [byReader, 'reader'],
      [bySender, 'sender'],
    ] as const) {
      const answer = await receiptOf(portal, made);
      expect(answer.body).toMatchObject({ state: 'burned', timelineComplete: true });
      expect(answer.timeline).toMatchObject([{ action: 'created' }, { action: 'burned', by }]);
      expect(answer.body['endedAt']).toBe(answer.timeline.at(-1)?.at);
    }
  });

  it('knows how a secret ended long after its tombstone is gone', async () => {
    const { client, db } = portal;
    const [viewed, burnt] = [await client.create(), await client.create()];
    await client.get(viewed.id);
    await client.burn(burnt.id);
    await caughtUp(portal);
    for (const { id } of [viewed, burnt]) await db.del(keysOf(id).tombstone);
    for (const [made, state] of [
      [viewed, 'viewed'],
      [burnt, 'burned'],
    ] as const) {
      const { body, timeline } = await receiptOf(portal, made);
      expect(body).toMatchObject({ state, endedAt: timeline.at(-1)?.at, timelineComplete: true });
      expect(timeline.map(({ action }) => action)).toEqual(['created', state]);
    }
  });

  it('still tells the end after a flood of retries', async () => {
    const { client, db } = portal;
    const made = await client.create({ maxViews: 2 });
    const claim = newClaim();
    await Promise.all(Array.from({ length: 1_200 }, () => client.reveal(made.id, { claim })));
    await client.burn(made.id);
    await caughtUp(portal);
    await db.del(keysOf(made.id).tombstone);
    const { body, timeline } = await receiptOf(portal, made);
    expect(body).toMatchObject({ state: 'burned', timelineComplete: false });
    expect(timeline[0]).toMatchObject({ action: 'created' });
    expect(timeline.at(-1)).toMatchObject({ action: 'burned' });
    expect(timeline.length).toBeLessThanOrEqual(1_000);
  });
});

describe('the timeline while PostgreSQL is away', () => {
  it('is what the store knows, and says that it is not all', async () => {
    const postgres = await startPostgres();
    const portal = await openPortal({ env: { DATABASE_URL: postgres.url } });
    const { client, db } = portal;
    const made = await client.create({ maxViews: 2, passphrase: 'p' });
    await client.reveal(made.id, { passphrase: 'q' });
    await client.get(made.id, { 'X-Passphrase': 'p' });
    await caughtUp(portal);
    await postgres.kill9();
    const live = await receiptOf(portal, made);
    expect(live.body).toMatchObject({ state: 'live', viewsLeft: 1, timelineComplete: false });
    expect(live.timeline.map(({ action }) => action)).toEqual(['created']);
    await client.get(made.id, { 'X-Passphrase': 'p' });
    const ended = await receiptOf(portal, made);
    expect(ended.body).toMatchObject({ state: 'viewed', timelineComplete: false });
    expect(ended.timeline.map(({ action }) => action)).toEqual(['created', 'viewed']);
    // What neither knows is not made up.
    await db.del(keysOf(made.id).tombstone);
    expect((await receiptOf(portal, made)).body).toMatchObject({ state: 'ended', timelineComplete: false });
    await postgres.restart();
    await caughtUp(portal);
    const after = await receiptOf(portal, made);
    expect(after.body).toMatchObject({ state: 'viewed', timelineComplete: true });
    expect(after.timeline.map(({ action }) => action)).toEqual([
      'created',
      'attempt_failed',
      'viewed',
      'viewed',
    ]);
    await portal.close();
  });
});
