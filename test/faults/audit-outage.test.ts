import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { newClaim } from '../int/kit/client.js';
import { openPortal, until, type Portal } from '../int/kit/portal.js';
import { caughtUp, recordedRows, verdictOn, waitingIds } from '../int/kit/recorded.js';
import { startApp } from '../support/app-process.js';
import { LOCKED_ROLE, startPostgres, type TestPostgres } from '../support/postgres-server.js';
import { startRedis } from '../support/redis-server.js';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** What an app prints that must not start. */
async function refusal(databaseUrl: string): Promise<string> {
  const redis = await startRedis();
  const failed = await startApp({ env: { DATABASE_URL: databaseUrl }, redisUrl: redis.url }).then(
    async (app) => `IT STARTED: ${await app.stop()}`,
    (error: unknown) => String(error),
  );
  await redis.stop();
  expect(failed).toContain('ended at its start');
  expect(failed).not.toContain('    at ');
  return failed;
}

describe('a database that refuses', () => {
  it('a wrong password ends the start with a line that does not tell it', async () => {
    const url = new URL(postgres.url);
    url.username = LOCKED_ROLE.name;
    url.password = 'hunter2';
    const said = await refusal(url.href);
    expect(said).toMatch(/PostgreSQL at DATABASE_URL refuses: password authentication failed/);
    expect(said).not.toContain('hunter2');
  });

  it('an unknown database ends it, too', async () => {
    const url = new URL(postgres.url);
    url.pathname = '/nowhere';
    expect(await refusal(url.href)).toMatch(
      /PostgreSQL at DATABASE_URL refuses: database "nowhere" does not exist/,
    );
  });
});

describe('while PostgreSQL is away', () => {
  let portal: Portal;

  beforeEach(async () => {
    const url = await postgres.createDatabase();
    await postgres.kill9();
    portal = await openPortal({ env: { DATABASE_URL: url } });
  });
  afterEach(() => portal.close());

  it('an app starts and serves, and catches up when it comes', async () => {
    const { client } = portal;
    expect(await client.send('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'degraded' },
    });
    const { id, ref, receiptToken } = await client.create({ content: 'before the database' });
    const claim = newClaim();
    expect((await client.reveal(id, { claim })).body).toMatchObject({ content: 'before the database' });
    expect((await client.acknowledge(id, claim)).status).toBe(204);
    const { body } = await client.receipt(receiptToken);
    expect(body).toMatchObject({ state: 'viewed', timelineComplete: false });
    expect(body.timeline).toMatchObject([{ action: 'created' }, { action: 'viewed' }]);
    expect(await waitingIds(portal)).toHaveLength(3);

    await postgres.restart();
    await caughtUp(portal);
    const rows = await recordedRows(portal);
    expect(rows.map((row) => [row.ref, row.action])).toEqual([
      [ref, 'created'],
      [ref, 'viewed'],
      [ref, 'acknowledged'],
    ]);
    expect(await verdictOn(portal)).toEqual({ events: 3 });
    await until(async () => (await client.send('GET', '/health')).body.status === 'ok');
    expect((await client.receipt(receiptToken)).body).toMatchObject({ timelineComplete: true });
  });

  it('and Redis is full as well, burns are recorded, and both find out of it by themselves', async () => {
    const { client, db } = portal;
    const [opened, leased, burnt, guarded] = [
      await client.create(),
      await client.create(),
      await client.create(),
      await client.create({ passphrase: 'p' }),
    ];
    await db.config('SET', 'maxmemory', '1mb');
    expect(await client.tryCreate({ content: 'no room' })).toMatchObject({
      status: 507,
      body: { code: 'storage_full' },
    });
    expect(await waitingIds(portal)).toHaveLength(4);
    const claim = newClaim();
    expect((await client.get(opened.id)).status).toBe(200);
    expect((await client.reveal(leased.id, { claim })).status).toBe(200);
    expect((await client.acknowledge(leased.id, claim)).status).toBe(204);
    expect((await client.burn(burnt.id)).status).toBe(204);
    expect((await client.reveal(guarded.id, { passphrase: 'q' })).status).toBe(403);
    expect(await waitingIds(portal)).toHaveLength(9);

    // The outbox must leave a full Redis: nothing else would make room.
    await postgres.restart();
    await caughtUp(portal);
    expect(await recordedRows(portal)).toHaveLength(9);
    expect(await verdictOn(portal)).toEqual({ events: 9 });
    expect((await client.send('GET', '/api/v1/stats')).body).toMatchObject({
      total: { created: 4, burned: 1 },
    });
    await db.config('SET', 'maxmemory', '0');
    expect(await client.tryCreate({ content: 'room again' })).toMatchObject({ status: 201 });
  });
});
