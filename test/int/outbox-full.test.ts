import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startPostgres, type TestPostgres } from '../support/postgres-server.js';
import { newClaim } from './kit/client.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { expectProblem } from './kit/problems.js';
import { caughtUp, metric, recordedRows, verdictOn, waitingIds } from './kit/recorded.js';

/** Two events in each of the 16 buckets. */
const MAX = 32;
let postgres: TestPostgres;
let portal: Portal;

beforeAll(async () => {
  postgres = await startPostgres();
  portal = await openPortal({
    env: { DATABASE_URL: postgres.url, AUDIT_OUTBOX_MAX: String(MAX), PASSPHRASE_ATTEMPTS: '2' },
  });
});
afterAll(async () => {
  await portal.close();
  await postgres.stop();
});

const health = async () => (await portal.client.send('GET', '/health')).body;
const recordKeys = async () => (await portal.db.keys('*:s:*')).length;

describe('a full outbox', () => {
  it('refuses new secrets and nothing else, and loses nothing', async () => {
    const { client } = portal;
    const [opened, leased, burnt, revoked, guarded] = [
      await client.create({ content: 'opened' }),
      await client.create({ content: 'leased' }),
      await client.create(),
      await client.create(),
      await client.create({ passphrase: 'p' }),
    ];
    await caughtUp(portal);
    await until(async () => (await health()).status === 'ok');
    expect(await metric(portal, 'burnbag_audit_trail_up')).toBe(1);
    await postgres.kill9();

    const answers = await Promise.all(
      Array.from({ length: 320 }, () => client.tryCreate({ content: 'new' })),
    );
    const stored = answers.filter(({ status }) => status === 201);
    expect(stored).toHaveLength(MAX);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expectProblem(answer, 503, 'audit_backlogged');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(await recordKeys()).toBe(5 + MAX);
    expect(await waitingIds(portal)).toHaveLength(MAX);

    const claim = newClaim();
    expect((await client.get(opened.id)).body).toMatchObject({ content: 'opened' });
    expect((await client.reveal(leased.id, { claim })).body).toMatchObject({ content: 'leased' });
    expect((await client.reveal(leased.id, { claim })).status).toBe(200);
    expect((await client.acknowledge(leased.id, claim)).status).toBe(204);
    expect((await client.burn(burnt.id)).status).toBe(204);
    const receipt = { headers: { 'X-Receipt-Token': revoked.receiptToken } };
    expect((await client.burn(revoked.id, receipt)).status).toBe(204);
    expect((await client.reveal(guarded.id, { passphrase: 'q' })).body).toMatchObject({ attemptsLeft: 1 });
    expect((await client.reveal(guarded.id, { passphrase: 'q' })).body).toMatchObject({ attemptsLeft: 0 });
    // viewed; viewed, view_retried, acknowledged; burned; burned; attempt_failed, attempt_failed, locked
    const waiting = await waitingIds(portal);
    expect(waiting).toHaveLength(MAX + 9);

    await until(async () => (await metric(portal, 'burnbag_outbox_events')) === MAX + 9);
    // The relay counts what waits before it tries to move it.
    await until(async () => (await metric(portal, 'burnbag_audit_trail_up')) === 0);
    expect(await client.send('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'degraded' },
    });
    expect(await client.send('GET', '/health')).toMatchObject({
      status: 200,
      body: {
        status: 'degraded',
        checks: {
          redis: 'up',
          trail: 'away',
          outbox: { events: MAX + 9, filledPercent: Math.round(((MAX + 9) / MAX) * 100) },
        },
      },
    });
    expect(await metric(portal, 'burnbag_outbox_filled_ratio')).toBeCloseTo((MAX + 9) / MAX);
    await until(async () => (await metric(portal, 'burnbag_outbox_oldest_seconds')) > 1);

    await postgres.restart();
    await caughtUp(portal);
    const rows = await recordedRows(portal);
    // All that waited, behind what was there, in its order.
    expect(rows).toHaveLength(5 + MAX + 9);
    const newest = rows.filter((row) => waiting.includes(`${row.bucket} ${row.stream_id}`));
    expect(newest.map((row) => `${row.bucket} ${row.stream_id}`)).toEqual(waiting);
    expect(await verdictOn(portal)).toEqual({ events: rows.length });
    const actions = (ref: string) => rows.filter((row) => row.ref === ref).map(({ action }) => action);
    expect(actions(opened.ref)).toEqual(['created', 'viewed']);
    expect(actions(leased.ref)).toEqual(['created', 'viewed', 'view_retried', 'acknowledged']);
    expect(actions(burnt.ref)).toEqual(['created', 'burned']);
    expect(actions(revoked.ref)).toEqual(['created', 'burned']);
    expect(actions(guarded.ref)).toEqual(['created', 'attempt_failed', 'attempt_failed', 'locked']);
    for (const { body } of stored) expect(actions(String(body.ref))).toEqual(['created']);

    expect((await client.tryCreate({ content: 'room again' })).status).toBe(201);
    await caughtUp(portal);
    await until(async () => (await health()).status === 'ok');
    await until(async () => (await metric(portal, 'burnbag_outbox_events')) === 0);
    expect(await metric(portal, 'burnbag_audit_trail_up')).toBe(1);
    expect(await metric(portal, 'burnbag_outbox_oldest_seconds')).toBe(0);
  });
});
