import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { emptyHead, signHead } from '../../src/audit/chain/audit-chain.js';
import { signingKey } from '../../src/audit/chain/audit-keys.js';
import { comparePositions } from '../../src/audit/position/compare-positions.js';
import { TrailBrokenError } from '../../src/audit/relay/relay.js';
import type { Outbox } from '../../src/audit/outbox/outbox.port.js';
import { addMissingHeads } from '../../src/audit/chain/trail.repository.js';
import type { Database, Queries, Row, SqlValue } from '../../src/database/database.port.js';
import { outboxKeys } from '../../src/redis/redis-keys.js';
import { databaseMatrix } from '../support/database-matrix.js';
import { mixedLife, type Life } from './kit/mixed-life.js';
import { until } from './kit/portal.js';
import type { ScriptBench } from './kit/script-bench.js';
import { BUCKETS } from './kit/trail.js';
import { TrailBench, type TrailRow } from './kit/trail-bench.js';

const IDLE = { events: 0, pending: 0 };

/** An outbox whose calls of one kind fail, as often as said. */
function failing(outbox: Outbox, method: 'take' | 'settle', times: number): Outbox {
  let left = times;
  const fails = (): boolean => left-- > 0;
  const die = () => Promise.reject(new Error('the process died here'));
  return {
    bind: (id) => outbox.bind(id),
    state: (bucket) => outbox.state(bucket),
    entry: (bucket, streamId) => outbox.entry(bucket, streamId),
    take: async (bucket, most) => {
      const taken = await outbox.take(bucket, most);
      return method === 'take' && fails() ? die() : taken;
    },
    settle: (...args) => (method === 'settle' && fails() ? die() : outbox.settle(...args)),
    confirm: (...args) => outbox.confirm(...args),
    expire: (ref, at) => outbox.expire(ref, at),
  };
}

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

const bucketOf = (secret: ScriptBench) => (secret.ref[0] ?? 0) % 16;

describe.each(databaseMatrix())('the relay into $name', (engine) => {
  let bench: TrailBench;

  beforeAll(async () => {
    bench = await TrailBench.open(engine);
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  it('adds the heads of a new database so that Redis can be compared with it at any moment', async () => {
    await bench.database.query('DELETE FROM audit_chains');
    const empty = { head: undefined, events: 0, runId: 'run', mark: undefined };
    const request = { trail: undefined, positions: BUCKETS.map(() => empty) };
    const found: (string | undefined)[][] = [];
    const compared: Queries = {
      async query<R extends Row>(sql: string, params?: readonly SqlValue[]) {
        const rows = await bench.database.query<R>(sql, params);
        const { verdicts } = await comparePositions(bench.database, bench.keys, request);
        found.push(verdicts.map((verdict) => verdict?.kind));
        return rows;
      },
    };
    const key = signingKey(bench.keys.signing);
    await addMissingHeads(
      compared,
      BUCKETS.map((bucket) => signHead(emptyHead(bucket), key)),
    );
    expect(found.length).toBeGreaterThan(0);
    for (const kinds of found) expect(kinds).toEqual(BUCKETS.map(() => 'current'));
  });

  /** A secret of bucket 3, created; each call leaves one event. */
  async function secretOf3(): Promise<ScriptBench> {
    for (;;) {
      const secret = bench.secret();
      if (bucketOf(secret) !== 3) continue;
      await secret.create(secret.record());
      return secret;
    }
  }
  async function manyOf3(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await secretOf3();
  }
  const lives = (count: number, steps: number): Promise<Life[]> =>
    Promise.all(Array.from({ length: count }, () => mixedLife(bench.secret(), steps)));

  /** The rows of what the outbox holds now, as they must be. */
  async function expectedRows(): Promise<TrailRow[]> {
    const rows: TrailRow[] = [];
    for (const bucket of BUCKETS) {
      const entries = await bench.db.xrange(outboxKeys(bucket).outbox, '-', '+');
      entries.forEach(([streamId, fields], index) => {
        const [, action = '', , ref = '', , at, , origin = '', , extra = ''] = fields;
        const [actor, address, agent] = JSON.parse(origin) as string[];
        rows.push({
          id: (index + 1) * 16 + bucket,
          bucket,
          sequence: index + 1,
          stream_id: streamId,
          ref,
          action,
          actor: actor ?? null,
          ip_address: address ?? null,
          user_agent: agent ?? null,
          created_at: new Date(Number(at)),
          extra_data: extra === '' ? {} : (JSON.parse(extra) as Record<string, unknown>),
        });
      });
    }
    return rows;
  }

  /** Every event is in the database exactly once, without a gap; the chain is intact, the outbox is empty, and the heads of Redis and the database agree. */
  async function expectWhole(): Promise<TrailRow[]> {
    const rows = await bench.rows();
    for (const bucket of BUCKETS) {
      const own = rows.filter((row) => row.bucket === bucket);
      expect(own.map((row) => row.sequence)).toEqual(own.map((_, index) => index + 1));
      expect(new Set(own.map((row) => row.stream_id)).size).toBe(own.length);
    }
    expect(await bench.verify()).toEqual({ events: rows.length });
    expect(await bench.waiting()).toEqual(IDLE);
    const heads = await bench.database.query<Row>('SELECT * FROM audit_chains WHERE sequence > 0');
    const kept = await bench.heads();
    expect(kept.size).toBe(heads.length);
    for (const head of heads) {
      const { sequence, hash, signature } = head;
      expect(kept.get(Number(head['bucket']))).toMatchObject({ sequence, hash, signature });
    }
    return rows;
  }

  it('moves every event once, in the order of the transitions, with all its fields', async () => {
    await lives(40, 8);
    const expected = await expectedRows();
    expect(new Set(expected.map((row) => row.action)).size).toBeGreaterThanOrEqual(5);
    // Batches of seven: no event may depend on where one ends.
    expect(await bench.drain(undefined, 7)).toBe(expected.length);
    const rows = await expectWhole();
    expect(rows).toEqual(expected);
    expect(await bench.drain()).toBe(0);
  });

  it('inserts nothing twice when its commit was not heard, and settles it later', async () => {
    await manyOf3(5);
    const deaf = await bench.relay(failing(bench.outbox, 'settle', 1));
    await expect(deaf.drain(3, 3)).rejects.toThrow('died here');
    expect(await bench.rows()).toHaveLength(3);
    expect(await bench.waiting()).toEqual({ events: 5, pending: 3 });
    await manyOf3(2);
    expect(await bench.drain()).toBe(7);
    expect(await expectWhole()).toHaveLength(7);
  });

  it('takes over at once what a relay took and did not live to commit', async () => {
    await manyOf3(4);
    const expected = await expectedRows();
    const dying = await bench.relay(failing(bench.outbox, 'take', 1));
    await expect(dying.drain(3, 2)).rejects.toThrow('died here');
    const lost = await bench.relay(bench.outbox, losing(bench.database));
    await expect(lost.drain(3, 3)).rejects.toThrow('lost before');
    expect(await bench.waiting()).toEqual({ events: 4, pending: 3 });
    expect(await bench.rows()).toEqual([]);
    expect(await bench.drain()).toBe(4);
    expect(await expectWhole()).toEqual(expected);
  });

  it('records a second creation, as by a Redis that was set back, and keeps what is known of the first', async () => {
    const secret = bench.secret();
    const record = secret.record();
    await secret.create(record);
    await secret.burn();
    await bench.drain();
    const known = await bench.database.query('SELECT * FROM secrets');
    await bench.db.del(secret.keys.record, secret.keys.tombstone);
    await secret.create(record);
    const other = bench.secret();
    await other.create(other.record());
    await bench.drain();
    const rows = await bench.rows();
    expect(rows.map(({ action }) => action).toSorted()).toEqual(['burned', 'created', 'created', 'created']);
    const secrets = await bench.database.query('SELECT * FROM secrets ORDER BY created_at');
    expect(secrets).toHaveLength(2);
    expect(secrets[0]).toEqual(known[0]);
    expect(await bench.drain()).toBe(0);
  });

  it('works side by side with another on the same buckets', async () => {
    const other = await bench.second();
    const relays = await Promise.all([bench.relay(), bench.relay(), bench.relay(bench.outbox, other)]);
    let living = true;
    const draining = relays.map(async (relay) => {
      while (living) await bench.drain(relay, 20);
    });
    const lived = await lives(150, 6);
    living = false;
    await Promise.all(draining);
    await bench.drain();
    const rows = await expectWhole();
    expect(rows).toHaveLength(lived.reduce((sum, { actions }) => sum + actions.length, 0));
  });

  it('keeps the order of a secret, and tables that agree with its events, through a mix of thousands', async () => {
    const loop = bench.loop();
    const lived = await lives(500, 8);
    await until(async () => (await bench.waiting()).events === 0);
    await loop.stop();
    const rows = await expectWhole();
    const byRef = Map.groupBy(rows, (row) => row.ref);
    for (const { ref, actions } of lived) {
      expect(byRef.get(ref)?.map((row) => row.action)).toEqual(actions);
    }
    expect(rows).toHaveLength(lived.reduce((sum, { actions }) => sum + actions.length, 0));

    const secrets = await bench.database.query<Row>('SELECT * FROM secrets');
    const projected = new Map(secrets.map((row) => [row['ref'], row]));
    expect(projected.size).toBe(lived.length);
    for (const { ref, state, views, failedAttempts, locked } of lived) {
      const events = byRef.get(ref) ?? [];
      const end = events.findLast(({ action, extra_data: extra }) =>
        action === 'viewed' ? extra['viewsLeft'] === 0 : action === 'burned',
      );
      const lock = events.findLast(({ action }) => action === 'locked' || action === 'unlocked')?.extra_data[
        'until'
      ];
      expect(projected.get(ref)).toMatchObject({
        state,
        views,
        failed_attempts: failedAttempts,
        locked_until: locked ? new Date(Number(lock)) : null,
        created_at: events[0]?.created_at,
        expires_at: new Date(Number(events[0]?.created_at) + 3_600_000),
        ended_at: end?.created_at ?? null,
        ended_by: end?.actor ?? null,
      });
    }
    const hours = await bench.database.query<Row>(
      'SELECT hour, bucket, action, events FROM audit_hours ORDER BY hour, bucket, action',
    );
    const counted = await bench.database.query<Row>(
      `SELECT date_trunc('hour', created_at) AS hour, bucket, action, count(*) AS events
       FROM audit_events GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    );
    expect(hours).toEqual(counted);
  });

  /** Five events of bucket 3, and a database that is put back to where it had two. @returns what puts back the rest */
  async function cutChain3(): Promise<() => Promise<void>> {
    await manyOf3(2);
    await bench.drain();
    const head = () => bench.database.query<Row>('SELECT * FROM audit_chains WHERE bucket = 3');
    const [older] = await head();
    await manyOf3(3);
    await bench.drain();
    const [newer] = await head();
    const setHead = (to: Row | undefined) =>
      bench.database.query(
        'UPDATE audit_chains SET sequence = $1, hash = $2, signature = $3 WHERE bucket = 3',
        [Number(to?.['sequence']), to?.['hash'] as Buffer, to?.['signature'] as Buffer],
      );
    await bench.database.query('CREATE TABLE cut AS SELECT * FROM audit_events WHERE sequence > 2');
    await bench.database.query('DELETE FROM audit_events WHERE sequence > 2');
    await setHead(older);
    return async () => {
      await bench.database.query('INSERT INTO audit_events SELECT * FROM cut');
      await bench.database.query('DROP TABLE cut');
      await setHead(newer);
    };
  }

  it('notices a database that was put back to an older moment before anything happens', async () => {
    const putBack = await cutChain3();
    const loop = bench.loop();
    try {
      await until(() => loop.reports.at(-1)?.trail === 'broken');
      expect(loop.said).toEqual([
        expect.stringMatching(/^error: chain 3 .* ends at 2, but was signed up to 5/),
      ]);
      // Nothing moves, and still it is not forgotten.
      const told = loop.reports.length;
      await until(() => loop.reports.length > told + 2);
      expect(loop.reports.at(-1)?.trail).toBe('broken');
      await putBack();
      await until(() => loop.reports.at(-1)?.trail === 'ok' && loop.said.length > 1);
    } finally {
      await loop.stop();
    }
    await expectWhole();
  });

  it('adds nothing to a trail that was cut, and goes on with the others', async () => {
    const putBack = await cutChain3();
    await manyOf3(2);
    const elsewhere = await lives(30, 2);
    const bucket = (ref: string) => Number.parseInt(ref.charAt(1), 16);
    const due = elsewhere.flatMap(({ ref, actions }) => (bucket(ref) === 3 ? [] : actions)).length;
    await expect((await bench.relay()).drain(3, 100)).rejects.toThrow(TrailBrokenError);
    const loop = bench.loop();
    await until(async () => (await bench.rows()).length === 2 + due);
    await until(() => loop.reports.at(-1)?.trail === 'broken');
    expect(loop.said.join('\n')).toMatch(/error: chain 3 .* ends at 2, but was signed up to 5/);
    expect(await bench.db.xlen(outboxKeys(3).outbox)).toBeGreaterThanOrEqual(2);
    expect((await bench.rows()).filter((row) => row.bucket === 3)).toHaveLength(2);

    // Put back what was cut: nothing was lost meanwhile.
    await putBack();
    await until(() => loop.reports.at(-1)?.trail === 'ok' && loop.said.length > 1);
    await until(async () => (await bench.waiting()).events === 0);
    await loop.stop();
    expect(loop.said).toEqual([expect.stringMatching(/^error/), 'info: the audit trail is kept again']);
    await expectWhole();
  });

  it.each([
    ['edited', 'UPDATE audit_chains SET hash = previous_hash FROM audit_events WHERE sequence = 1'],
    ['without a signature', "UPDATE audit_chains SET signature = '' WHERE bucket = 3"],
    ['under an unknown key', 'UPDATE audit_chains SET key_id = 9 WHERE bucket = 3'],
    ['gone', 'DELETE FROM audit_chains WHERE bucket = 3'],
  ])('adds nothing behind an end that is %s', async (_, sql) => {
    await manyOf3(2);
    await bench.drain();
    await manyOf3(1);
    await bench.database.query(sql.replace('WHERE sequence = 1', 'WHERE audit_events.sequence = 1'));
    await expect((await bench.relay()).drain(3, 100)).rejects.toThrow(TrailBrokenError);
    expect(await bench.rows()).toHaveLength(2);
    expect((await bench.waiting()).events).toBe(1);
  });

  it('leaves the events of a Redis to the database that has the others', async () => {
    await manyOf3(1);
    const first = bench.loop();
    await until(() => first.reports.at(-1)?.trail === 'ok');
    await until(async () => (await bench.waiting()).events === 0);
    await first.stop();
    await manyOf3(2);
    const rename = 'UPDATE audit_trail SET trail_id = gen_random_uuid()';
    const [before] = await bench.database.query<Row>('SELECT trail_id::text AS id FROM audit_trail');
    await bench.database.query(rename);
    const second = bench.loop();
    await until(() => second.reports.filter(({ trail }) => trail === 'elsewhere').length > 2);
    await second.stop();
    expect(second.said).toEqual([expect.stringMatching(/^warn: .* another database: set DATABASE_URL$/)]);
    expect(await bench.rows()).toHaveLength(1);
    expect((await bench.waiting()).events).toBe(2);
    await bench.database.query('UPDATE audit_trail SET trail_id = $1::text::uuid', [String(before?.['id'])]);
    expect(await bench.drain()).toBe(2);
    await expectWhole();
  });

  it('can be stopped at any time and goes on where it was', async () => {
    const living = lives(200, 6);
    for (let round = 0; round < 6; round += 1) {
      const loop = bench.loop();
      await new Promise((resolve) => setTimeout(resolve, 25));
      await loop.stop();
    }
    const lived = await living;
    const last = bench.loop();
    await until(async () => (await bench.waiting()).events === 0);
    await last.stop();
    expect(await expectWhole()).toHaveLength(lived.reduce((sum, { actions }) => sum + actions.length, 0));
  });
});
