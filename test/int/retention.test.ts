import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { signingKey } from '../../src/audit/chain/audit-keys.js';
import { Retention } from '../../src/audit/retention/retention.js';
import type { Row } from '../../src/database/database.port.js';
import { secretKeys } from '../../src/redis/redis-keys.js';
import { sampledDatabases } from '../support/database-matrix.js';
import { until } from './kit/portal.js';
import { BUCKETS } from './kit/trail.js';
import { TrailBench } from './kit/trail-bench.js';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 30;
const CREATED =
  '{"kind":"text","size":5,"sealed":false,"passphraseRequired":false,"maxViews":1,"ttlSeconds":3600}';

describe.each(sampledDatabases())('events past their days, in $name', (engine) => {
  let bench: TrailBench;
  let retention: Retention;
  const now = Date.now();

  beforeAll(async () => {
    bench = await TrailBench.open(engine);
    retention = new Retention(bench.database, signingKey(bench.keys.signing), KEPT_DAYS);
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  /** A secret of the given age in days, and viewed or not, by events as a script writes them. */
  async function secret(daysAgo: number, isViewed: boolean, bucket?: number): Promise<string> {
    const ref = randomBytes(16);
    if (bucket !== undefined) ref[0] = bucket;
    const write = (action: string, at: number, extra: string) => {
      const named = ['action', action, 'ref', ref.toString('hex'), 'at', Math.round(at)];
      named.push('origin', '["anonymous",null,null]', 'extra', extra);
      return bench.db.xadd(secretKeys(ref).outbox, '*', ...named);
    };
    const at = now - daysAgo * DAY_MS;
    await write('created', at, CREATED);
    if (isViewed) await write('viewed', at + 60_000, '{"viewsLeft":0}');
    return ref.toString('hex');
  }
  const events = async () => (await bench.rows()).length;
  const floor = async (bucket: number) =>
    (
      await bench.database.query<Row>('SELECT floor_sequence FROM audit_chains WHERE bucket = $1', [bucket])
    )[0]?.['floor_sequence'];
  const refs = async (table: 'secrets' | 'audit_events') =>
    new Set((await bench.database.query<Row>(`SELECT ref FROM ${table}`)).map((row) => row['ref']));

  it('are forgotten from the oldest on, and what is left can be verified', async () => {
    const old = await Promise.all(Array.from({ length: 60 }, () => secret(KEPT_DAYS + 1, true)));
    await bench.drain();
    const recent = await Promise.all(Array.from({ length: 60 }, () => secret(KEPT_DAYS - 1, true)));
    await bench.drain();
    expect(await retention.round(now)).toBe(120);
    expect(await refs('audit_events')).toEqual(new Set(recent));
    expect(await refs('secrets')).toEqual(new Set(recent));
    expect(old.some((ref) => recent.includes(ref))).toBe(false);
    expect(await bench.verify()).toEqual({ events: 120 });
    for (const bucket of BUCKETS) {
      const own = (await bench.rows()).filter((row) => row.bucket === bucket);
      if (own[0]) expect(await floor(bucket)).toBe(own[0].sequence - 1);
    }
    expect(await retention.round(now)).toBe(0);
    // The relay goes on behind the new floor, and Redis is told of it.
    await secret(0, true);
    await bench.drain();
    expect(await bench.verify()).toEqual({ events: 122 });
  });

  it('stay while something older than they is to be kept: only the beginning of a chain can go', async () => {
    await secret(KEPT_DAYS - 1, false, 5);
    await secret(KEPT_DAYS + 1, false, 5);
    await bench.drain();
    expect(await retention.round(now)).toBe(0);
    expect(await events()).toBe(2);
    expect(await floor(5)).toBe(0);
  });

  it('can be all that there is', async () => {
    await Promise.all(Array.from({ length: 40 }, () => secret(KEPT_DAYS + 2, true)));
    await bench.drain();
    expect(await retention.round(now)).toBe(80);
    expect(await events()).toBe(0);
    expect(await bench.verify()).toEqual({ events: 0 });
    expect(await bench.database.query('SELECT 1 AS one FROM audit_hours')).toEqual([]);
    await secret(0, false);
    await bench.drain();
    expect(await bench.verify()).toEqual({ events: 1 });
  });

  it('take the counts of their hours along, and no secret that lives', async () => {
    const living = await secret(KEPT_DAYS + 1, false);
    await secret(KEPT_DAYS + 1, true);
    await secret(1, true);
    await bench.drain();
    await retention.round(now);
    const counts = await bench.database.query<Row>(
      'SELECT action, sum(events)::bigint AS events FROM audit_hours GROUP BY 1 ORDER BY 1',
    );
    expect(counts).toEqual([
      { action: 'created', events: 1 },
      { action: 'viewed', events: 1 },
    ]);
    expect(await refs('secrets')).toContain(living);
    expect(await refs('secrets')).toHaveProperty('size', 2);
  });

  it('do not hide that a row was taken away before', async () => {
    await Promise.all(Array.from({ length: 6 }, () => secret(KEPT_DAYS + 1, false, 5)));
    await bench.drain();
    // The last that would be forgotten: its hash would become the floor.
    await bench.database.query('DELETE FROM audit_events WHERE bucket = 5 AND sequence = 6');
    expect(await retention.round(now)).toBe(0);
    expect(await bench.verify()).toMatchObject({ broken: { kind: 'tail cut off', bucket: 5, sequence: 6 } });
  });

  it('are forgotten by the loop, which says how many', async () => {
    await Promise.all(Array.from({ length: 20 }, () => secret(KEPT_DAYS + 1, true)));
    await bench.drain();
    const loop = bench.loop({ retentionDays: KEPT_DAYS });
    await until(async () => (await events()) === 0);
    await until(() => loop.said.includes('info: audit events past AUDIT_RETENTION_DAYS were removed'));
    await loop.stop();
    expect(await bench.verify()).toEqual({ events: 0 });
  });

  it('are past their days by the clock of Redis, whatever this machine says', async () => {
    const ahead = performance.timeOrigin + 2 * KEPT_DAYS * DAY_MS;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => ahead + performance.now());
    await secret(KEPT_DAYS + 1, true, 3);
    const recent = await secret(KEPT_DAYS - 1, true, 5);
    await bench.drain();
    const loop = bench.loop({ retentionDays: KEPT_DAYS });
    try {
      await until(() => loop.said.includes('info: audit events past AUDIT_RETENTION_DAYS were removed'));
    } finally {
      await loop.stop();
      clock.mockRestore();
    }
    expect(await refs('audit_events')).toEqual(new Set([recent]));
  });
});
