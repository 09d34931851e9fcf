import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hash, randomBytes } from 'node:crypto';

import { Retention } from '../../src/audit/retention/retention.js';
import { signingKey } from '../../src/audit/chain/audit-keys.js';
import type { Outbox } from '../../src/audit/outbox/outbox.port.js';
import type { Database, Row } from '../../src/database/database.port.js';
import { outboxKeys } from '../../src/redis/redis-keys.js';
import { databaseMatrix } from '../support/database-matrix.js';
import { TrailBench } from './kit/trail-bench.js';

const REFUSED = 'refuse me';
const FACTS = '{"kind":"text","size":26,"maxViews":1,"ttlSeconds":3600}';
const origin = (actor: string | null, agent: string | null = null) => JSON.stringify([actor, null, agent]);
const CONSTRAINT = `ALTER TABLE audit_events ADD CONSTRAINT odd CHECK (user_agent IS DISTINCT FROM '${REFUSED}')`;

describe.each(databaseMatrix())('an event that $name refuses', (engine) => {
  let bench: TrailBench;

  beforeAll(async () => {
    bench = await TrailBench.open(engine);
  });
  beforeEach(() => bench.reset());
  afterEach(() => bench.database.query('ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS odd'));
  afterAll(() => bench.close());

  const newRef = () => `a3${randomBytes(15).toString('hex')}`;
  /** An entry of bucket 3 as a script would write it, but for what is given. @returns its stream id */
  async function add(fields: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
    const entry = {
      action: 'created',
      ref: newRef(),
      at: String(Date.now()),
      origin: origin('a'),
      extra: FACTS,
    };
    const parts = Object.entries({ ...entry, ...fields }).flat();
    return String(await bench.db.xadd(outboxKeys(3).outbox, '*', ...parts));
  }
  async function addMany(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await add();
  }
  const kept = () =>
    bench.database.query<Row>('SELECT sequence, stream_id, content FROM audit_set_aside ORDER BY sequence');

  it.each([
    ['a NUL', 'oidc:a\0b', 'oidc:a\\u0000b'],
    ['half of a surrogate pair', 'oidc:a\ud800b', 'oidc:a\\ud800b'],
  ])('is not one for %s in a name, which is escaped in every table', async (_, actor, stored) => {
    const ref = newRef();
    await add({ ref, origin: origin(actor, 'agent\0') });
    await add({ action: 'burned', ref, origin: origin(actor), extra: '{"by":"sen\\u0000der"}' });
    await addMany(2);
    expect(await bench.drain()).toBe(4);
    expect(await bench.rows()).toMatchObject([
      { action: 'created', actor: stored, user_agent: 'agent\\u0000' },
      { action: 'burned', actor: stored, extra_data: { by: 'sen\\u0000der' } },
      {},
      {},
    ]);
    const secrets = await bench.database.query<Row>('SELECT * FROM secrets WHERE ref = $1', [ref]);
    expect(secrets).toMatchObject([{ creator: stored, ended_by: stored, state: 'burned' }]);
    expect(await bench.verify()).toEqual({ events: 4 });
    expect(await kept()).toEqual([]);
  });

  it('is set aside with its bytes, and what follows goes on', async () => {
    await bench.database.query(CONSTRAINT);
    await addMany(5);
    const ref = newRef();
    const streamId = await add({ ref, origin: origin('eve', REFUSED) });
    await addMany(5);
    expect(await bench.drain()).toBe(11);
    const rows = await bench.rows();
    expect(rows.map(({ action }) => action)).toEqual([
      ...Array.from({ length: 5 }, () => 'created'),
      'set_aside',
      ...Array.from({ length: 5 }, () => 'created'),
    ]);
    const [content] = await kept();
    expect(content).toMatchObject({ sequence: 6, stream_id: streamId });
    const bytes = content?.['content'] as Buffer;
    expect(bytes.toString()).toContain(`["eve",null,"${REFUSED}"]`);
    expect(rows[5]).toMatchObject({
      stream_id: streamId,
      ref,
      actor: null,
      user_agent: null,
      extra_data: { action: 'created', reason: '23514', bytes: bytes.length, sha256: hash('sha256', bytes) },
    });
    // The table of secrets follows all the same: what it says decides whether a restored Redis may open.
    expect(await bench.database.query('SELECT ref FROM secrets WHERE ref = $1', [ref])).toHaveLength(1);
    expect(await bench.verify()).toEqual({
      events: 11,
      setAside: [{ bucket: 3, sequence: 6, streamId, ref, reason: '23514', bytes: bytes.length }],
    });
    expect(await bench.waiting()).toEqual({ events: 0, pending: 0 });
  });

  it('does not hold up others like it, wherever they lie', async () => {
    await bench.database.query(CONSTRAINT);
    for (let n = 0; n < 40; n += 1) {
      await add(n % 3 === 0 || (n > 20 && n < 30) ? { origin: origin('eve', REFUSED) } : {});
    }
    expect(await bench.drain()).toBe(40);
    const verdict = await bench.verify();
    expect(verdict).toMatchObject({ events: 40 });
    expect('setAside' in verdict && verdict.setAside).toHaveLength((await kept()).length);
    expect((await bench.rows()).filter(({ action }) => action === 'set_aside')).toHaveLength(20);
  });

  it.each<[string, Readonly<Record<string, string | Buffer>>]>([
    ['an unknown action', { action: 'sung' }],
    ['no JSON', { origin: '["a",' }],
    ['another shape of origin', { origin: '{"a":1}' }],
    ['a number that is not whole', { extra: '{"size":1.5}' }],
    ['a time beyond all calendars', { at: '9e99' }],
    ['a line end in a field', { extra: '{\n}' }],
    ['more fields than ours', { more: 'x' }],
    ['a reference that is not one', { ref: 'a3' }],
    ['bytes that are not UTF-8', { action: Buffer.from([0xff, 0xfe, 0]) }],
  ])('is set aside, too, when its entry has %s', async (_, fields) => {
    await addMany(2);
    await add(fields);
    await addMany(2);
    expect(await bench.drain()).toBe(5);
    expect((await bench.rows()).map(({ action }) => action)).toEqual([
      'created',
      'created',
      'set_aside',
      'created',
      'created',
    ]);
    const [content] = await kept();
    const [, written] = Object.entries(fields)[0] ?? [];
    const bytes = content?.['content'] as Buffer;
    expect(bytes.includes(written ?? '')).toBe(true);
    expect(await bench.verify()).toMatchObject({
      events: 5,
      setAside: [{ sequence: 3, reason: 'unreadable' }],
    });
  });

  it('is set aside once, when the process dies before or after the commit', async () => {
    await bench.database.query(CONSTRAINT);
    await addMany(1);
    await add({ origin: origin('eve', REFUSED) });
    await addMany(1);
    const dying = (outbox: Outbox): Outbox => ({
      bind: (id) => outbox.bind(id),
      state: (bucket) => outbox.state(bucket),
      take: (...args) => outbox.take(...args),
      entry: (...args) => outbox.entry(...args),
      settle: () => Promise.reject(new Error('the process died here')),
      confirm: (...args) => outbox.confirm(...args),
      expire: (...args) => outbox.expire(...args),
    });
    const unheard = await bench.relay(dying(bench.outbox));
    const lost = await bench.relay(bench.outbox, losing(bench.database));
    for (let n = 0; n < 2; n += 1) await expect(unheard.drain(3, 10)).rejects.toThrow('died here');
    await expect(lost.drain(3, 10)).rejects.toThrow('lost before');
    expect(await bench.drain()).toBe(3);
    expect((await bench.rows()).map(({ action }) => action)).toEqual(['created', 'set_aside', 'created']);
    expect(await bench.verify()).toMatchObject({ events: 3, setAside: [{ sequence: 2 }] });
    expect(await bench.drain()).toBe(0);
  });

  it('stops the bucket where the database takes no row at all', async () => {
    await addMany(2);
    await bench.database.query('ALTER TABLE audit_events ADD CONSTRAINT odd CHECK (bucket <> 3)');
    await expect((await bench.relay()).drain(3, 10)).rejects.toThrow('odd');
    expect(await bench.rows()).toEqual([]);
    expect((await bench.waiting()).events).toBe(2);
  });

  it('is counted and told once', async () => {
    await bench.database.query(CONSTRAINT);
    await add({ origin: origin('eve', REFUSED) });
    const loop = bench.loop();
    try {
      while ((await bench.waiting()).events > 0) await loop.reports.at(-1);
    } finally {
      await loop.stop();
    }
    expect(loop.said).toEqual(['error: an audit event was set aside, since the database refuses it']);
    expect(loop.reports.at(-1)).toMatchObject({ trail: 'ok', setAside: 1 });
  });

  describe('and was set aside', () => {
    beforeEach(async () => {
      await bench.database.query(CONSTRAINT);
      await addMany(1);
      await add({ origin: origin('eve', REFUSED) });
      await bench.drain();
    });

    it.each([
      ['DELETE FROM audit_set_aside', 'removed'],
      [`UPDATE audit_set_aside SET content = 'nothing'`, 'changed'],
      [
        `INSERT INTO audit_set_aside (bucket, sequence, stream_id, content) VALUES (3, 1, '', '')`,
        'inserted',
      ],
    ])('is missed by the verification after %s', async (sql, kind) => {
      await bench.database.query(sql);
      expect(await bench.verify()).toMatchObject({ broken: { kind, bucket: 3 } });
    });

    it('is forgotten with the events of its time', async () => {
      const retention = new Retention(bench.database, signingKey(bench.keys.signing), 1);
      await retention.round(Date.now() + 2 * 86_400_000);
      expect(await kept()).toEqual([]);
      expect(await bench.verify()).toEqual({ events: 0 });
    });
  });
});

/** A database that loses every transaction at its last statement. */
function losing(database: Database): Database {
  return {
    kind: database.kind,
    query: (sql, params) => database.query(sql, params),
    close: () => Promise.resolve(),
    transaction: (work) =>
      database.transaction(async (queries) => {
        await work(queries);
        throw new Error('lost before the commit');
      }),
  };
}
