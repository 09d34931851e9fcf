import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ExpiryReconciler } from '../../src/audit/retention/expiry-reconciler.js';
import type { Outbox } from '../../src/audit/outbox/outbox.port.js';
import type { Row } from '../../src/database/database.port.js';
import { openDatabase } from '../../src/database/open-database.js';
import { sampledDatabases } from '../support/database-matrix.js';
import { startPostgres, type TestPostgres } from '../support/postgres-server.js';
import { newClaim, type Created } from './kit/client.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';
import { TOMBSTONE_MS, type ScriptBench } from './kit/script-bench.js';
import { TrailBench, trailRows } from './kit/trail-bench.js';

const HOUR_MS = 3_600_000;
const factsOf = (ttlSeconds: number) =>
  `{"kind":"text","size":26,"sealed":false,"passphraseRequired":false,"maxViews":1,"ttlSeconds":${ttlSeconds}}`;

/** The store as it will be later: what waits there is as old as it is, but the clock is ahead. */
function ahead(outbox: Outbox, ms: number): Outbox {
  return {
    bind: (id) => outbox.bind(id),
    take: (...args) => outbox.take(...args),
    entry: (...args) => outbox.entry(...args),
    settle: (...args) => outbox.settle(...args),
    confirm: (...args) => outbox.confirm(...args),
    expire: (ref, at) => outbox.expire(ref, at),
    state: async (bucket) => {
      const state = await outbox.state(bucket);
      return { ...state, now: state.now + ms };
    },
  };
}

describe.each(sampledDatabases())('what expired, by $name', (engine) => {
  let bench: TrailBench;
  /** Two hours from now. */
  let later: ExpiryReconciler;

  beforeAll(async () => {
    bench = await TrailBench.open(engine);
    later = new ExpiryReconciler(bench.database, ahead(bench.outbox, 2 * HOUR_MS));
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  async function created(ttlSeconds = 3_600): Promise<ScriptBench> {
    const secret = bench.secret();
    await secret.create(secret.record(), 1_000, { facts: factsOf(ttlSeconds) });
    return secret;
  }
  /** As Redis does it to a secret, or to its tombstone, when its time is over. */
  const evict = (key: string) => bench.db.del(key);
  const actions = async (secret: ScriptBench) =>
    (await bench.rows()).filter(({ ref }) => ref === secret.ref.toString('hex')).map(({ action }) => action);

  it('is recorded once, with the time of its end', async () => {
    const secret = await created();
    await bench.drain();
    await evict(secret.keys.record);
    expect(await later.round()).toBe(1);
    expect(await later.round()).toBe(0);
    await bench.drain();
    expect(await later.round()).toBe(0);
    const [creation, end] = await bench.rows();
    expect(end).toMatchObject({ action: 'expired', actor: 'system', ip_address: null, user_agent: null });
    expect(Number(end?.created_at)).toBe(Number(creation?.created_at) + HOUR_MS);
    const [row] = await bench.database.query<Row>('SELECT state, ended_at, ended_by FROM secrets');
    expect(row).toEqual({ state: 'expired', ended_at: end?.created_at, ended_by: 'system' });
    expect(await secret.look()).toMatchObject({ kind: 'gone', reason: 'expired' });
    expect(await bench.verify()).toEqual({ events: 2 });
  });

  it('is not recorded while Redis still has it, or before its time', async () => {
    await created();
    await bench.drain();
    expect(await later.round()).toBe(0);
    const now = new ExpiryReconciler(bench.database, bench.outbox);
    expect(await now.round()).toBe(0);
    expect((await bench.waiting()).events).toBe(0);
  });

  it('is recorded once by many who look at the same time', async () => {
    const secrets = await Promise.all(Array.from({ length: 50 }, () => created()));
    await bench.drain();
    for (const secret of secrets) await evict(secret.keys.record);
    const other = new ExpiryReconciler(await bench.second(), ahead(bench.outbox, 2 * HOUR_MS));
    const found = await Promise.all([later, other, later, other].map((each) => each.round()));
    expect(found.reduce((sum, each) => sum + each, 0)).toBe(50);
    await bench.drain();
    for (const secret of secrets) expect(await actions(secret)).toEqual(['created', 'expired']);
  });

  it('is not said of one that was ended while its event still waits, even when its tombstone is gone', async () => {
    const ended = await Promise.all(Array.from({ length: 8 }, () => created()));
    await bench.drain();
    for (const [n, secret] of ended.entries()) {
      await (n % 2 === 0 ? secret.claim() : secret.burn());
      await evict(secret.keys.tombstone);
    }
    expect(await later.round()).toBe(0);
    await bench.drain();
    expect(await later.round()).toBe(0);
    for (const [n, secret] of ended.entries()) {
      expect(await actions(secret)).toEqual(['created', n % 2 === 0 ? 'viewed' : 'burned']);
    }
  });

  it('is recorded in the other buckets while one of them cannot be relayed', async () => {
    const inBucket = async (digit: string, ttlSeconds: number): Promise<ScriptBench> => {
      const secret = bench.secret();
      if (secret.ref.toString('hex').charAt(1) !== digit) return inBucket(digit, ttlSeconds);
      await secret.create(secret.record(), 1_000, { facts: factsOf(ttlSeconds) });
      return secret;
    };
    // More than one look takes in, and all of them before the one that matters.
    const stuck = await Promise.all(Array.from({ length: 520 }, () => inBucket('3', 3_600)));
    const other = await inBucket('4', 3_700);
    await bench.drain();
    for (const secret of [...stuck, other]) await evict(secret.keys.record);
    await inBucket('3', 3_600);
    expect(await later.round()).toBe(1);
    await bench.drain();
    expect(await actions(other)).toEqual(['created', 'expired']);
  });

  it('is said once, even when its event waited until its tombstone was gone', async () => {
    // One whose end is ten seconds ago.
    const secret = await created(-10);
    await bench.drain();
    await evict(secret.keys.record);
    expect(await new ExpiryReconciler(bench.database, bench.outbox).round()).toBe(1);
    // The database was away from here on, for longer than a tombstone is kept.
    await evict(secret.keys.tombstone);
    const muchLater = new ExpiryReconciler(bench.database, ahead(bench.outbox, TOMBSTONE_MS));
    expect(await muchLater.round()).toBe(0);
    await bench.drain();
    expect(await muchLater.round()).toBe(0);
    expect(await actions(secret)).toEqual(['created', 'expired']);
  });
});

describe('two processes on one PostgreSQL', () => {
  let postgres: TestPostgres;
  let portal: Portal;

  beforeAll(async () => {
    postgres = await startPostgres();
    portal = await openPortal({ apps: 2, env: { DATABASE_URL: postgres.url } });
  });
  afterAll(async () => {
    await portal.close();
    await postgres.stop();
  });

  async function recorded(made: Created): Promise<string[]> {
    const database = await openDatabase({ url: postgres.url });
    const rows = await trailRows(database);
    await database.close();
    return rows.filter(({ ref }) => ref === made.ref).map(({ action }) => action);
  }
  const hasAction = (made: Created, action: string) => async () => (await recorded(made)).includes(action);

  it('record an expiry once, also after an outage, and never of what was viewed meanwhile', async () => {
    const { client, db } = portal;
    const [brief, viewed, leased] = [
      await client.create({ ttlSeconds: 1 }),
      await client.create({ ttlSeconds: 9 }),
      await client.create({ ttlSeconds: 9 }),
    ];
    await until(hasAction(leased, 'created'));
    await until(hasAction(viewed, 'created'));
    await until(hasAction(brief, 'created'));
    await postgres.kill9();
    const unseen = await client.create({ ttlSeconds: 1 });
    expect((await client.get(viewed.id)).status).toBe(200);
    expect((await client.reveal(leased.id, { claim: newClaim() })).status).toBe(200);
    for (const { id } of [viewed, leased]) await db.del(keysOf(id).tombstone);
    // Past the end of all of them, and the second and a half that are left to Redis to evict.
    await until(() => Date.now() > Date.parse(leased.expiresAt) + 2_000);
    await postgres.restart();

    for (const made of [brief, unseen]) {
      await until(hasAction(made, 'expired'));
      const { expiresAt, id } = made;
      const gone = { status: 410, body: { code: 'secret_gone', reason: 'expired' } };
      for (const answer of [
        await client.get(id),
        await client.reveal(id),
        await client.status(id),
        await client.burn(id),
      ]) {
        expect(answer).toMatchObject(gone);
        // The end is reckoned from the time of the store, the promise from that of the app, which is a little earlier;
        // it was noticed when the database was back, which is much later.
        expect(Math.abs(Date.parse(String(answer.body.at)) - Date.parse(expiresAt))).toBeLessThan(5_000);
      }
      expect((await client.head(id)).status).toBe(410);
      const { body } = await client.receipt(made.receiptToken);
      expect(body).toMatchObject({ state: 'expired', timelineComplete: true });
      expect(body.timeline).toMatchObject([{ action: 'created' }, { action: 'expired' }]);
    }
    for (const made of [viewed, leased]) await until(hasAction(made, 'viewed'));
    // Two more rounds of both processes.
    await new Promise((resolve) => setTimeout(resolve, 10_500));
    expect(await recorded(brief)).toEqual(['created', 'expired']);
    expect(await recorded(unseen)).toEqual(['created', 'expired']);
    expect(await recorded(viewed)).toEqual(['created', 'viewed']);
    expect(await recorded(leased)).toEqual(['created', 'viewed']);
    expect((await client.receipt(viewed.receiptToken)).body).toMatchObject({ state: 'viewed' });
  });
});
