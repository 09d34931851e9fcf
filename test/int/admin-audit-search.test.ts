import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { AuditFilter } from '../../src/admin/audit/audit-filter.js';
import { AuditSearchRepository, searchStatement } from '../../src/admin/audit/audit-search.repository.js';
import { ExportAudit } from '../../src/admin/audit/export-audit.js';
import { SearchAudit } from '../../src/admin/audit/search-audit.js';
import type { Database, Queries } from '../../src/database/database.port.js';
import { migrate } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open-database.js';
import { sampledDatabases } from '../support/database-matrix.js';
import { EVENTS_SINCE, insertEvents } from './kit/stored-events.js';

const ROWS = 10_000;
const REF = 'c4ca4238a0b923820dcc509a6f75849b';
const at = (second: number) => EVENTS_SINCE + second * 1_000;

describe.each(sampledDatabases())('a search of ten thousand events, on $name', (engine) => {
  let database: Database;
  let search: SearchAudit;

  beforeAll(async () => {
    database = await openDatabase(await engine.fresh());
    await migrate(database);
    await insertEvents(database, ROWS);
    search = new SearchAudit(new AuditSearchRepository(database));
  });
  afterAll(() => database.close());

  async function all(filter: AuditFilter, limit: number): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { events, nextCursor } = await search.execute(filter, limit, cursor);
      ids.push(...events.map(({ id }) => id));
      if (nextCursor === null) return ids;
      cursor = nextCursor;
    }
  }
  async function selected(where: string): Promise<string[]> {
    const rows = await database.query<{ id: string }>(
      `SELECT id::text AS id FROM audit_events WHERE ${where} ORDER BY created_at DESC, audit_events.id DESC`,
    );
    return rows.map(({ id }) => id);
  }

  it.each<[string, AuditFilter, string]>([
    ['everything', {}, 'true'],
    [
      'a time',
      { from: at(100), to: at(200) },
      `created_at >= '${new Date(at(100)).toISOString()}'
      AND created_at < '${new Date(at(200)).toISOString()}'`,
    ],
    ['a reference', { ref: REF }, `ref = '${REF}'`],
    ['a person', { actor: 'p7@corp.example' }, `actor = 'p7@corp.example'`],
    ['anonymous clients', { actor: 'anonymous' }, `actor = 'anonymous'`],
    ['a rare action', { action: 'locked' }, `action = 'locked'`],
    ['a common action', { action: 'viewed' }, `action = 'viewed'`],
    ['an address', { address: { exact: '10.8.3.0' } }, `ip_address = '10.8.3.0'`],
    ['the beginning of one', { address: { prefix: '10.8.' } }, `ip_address LIKE '10.8.%'`],
    [
      'all at once',
      { action: 'locked', actor: 'anonymous', address: { prefix: '10.1' }, from: at(500) },
      `action = 'locked' AND actor = 'anonymous' AND ip_address LIKE '10.1%'
       AND created_at >= '${new Date(at(500)).toISOString()}'`,
    ],
  ])('finds %s, newest first, each event once whatever the page', async (_, filter, where) => {
    const due = await selected(where);
    expect(due.length).toBeGreaterThan(0);
    expect(await all(filter, 500)).toEqual(due);
    if (due.length <= 300) expect(await all(filter, 7)).toEqual(due);
  });

  it('keeps its place among events of the same moment', async () => {
    await database.query(
      `UPDATE audit_events SET created_at = $1 WHERE sequence BETWEEN 1000500 AND 1000599`,
      [new Date(at(500))],
    );
    const due = await selected(`created_at = '${new Date(at(500)).toISOString()}'`);
    expect(due.length).toBeGreaterThanOrEqual(100);
    expect(await all({ from: at(500), to: at(500) + 1 }, 9)).toEqual(due);
  });

  it('finds a row whose numbers are out of range, and shows it as it is', async () => {
    await database.query(`UPDATE audit_events SET sequence = 9223372036854775807 WHERE ref = $1`, [REF]);
    const { events } = await search.execute({ ref: REF }, 1);
    expect(events[0]).toMatchObject({ sequence: '9223372036854775807', createdAt: expect.any(String) });
  });

  it.each<[string, AuditFilter, RegExp]>([
    ['no filter', {}, /audit_events_newest/],
    ['time', { from: at(100), to: at(200) }, /audit_events_newest/],
    ['ref', { ref: REF }, /audit_events_ref/],
    ['actor', { actor: 'p7@corp.example' }, /audit_events_actor/],
    ['actor anonymous', { actor: 'anonymous' }, /audit_events_newest/],
    ['action', { action: 'locked' }, /audit_events_action/],
    ['action of nearly all', { action: 'created' }, /audit_events_newest/],
    ['address', { address: { exact: '10.8.3.0' } }, /audit_events_address/],
    ['beginning of an address', { address: { prefix: '10.8.' } }, /audit_events_address/],
  ])('goes by an index, never through the table (%s)', async (_, filter, index) => {
    await database.query('ANALYZE audit_events');
    const { sql, params } = searchStatement(filter, 101);
    const plan = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, params);
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toMatch(index);
    expect(text).not.toContain('Seq Scan');
  });

  it('goes on behind a page by the index, however deep', async () => {
    const after = { micros: at(5_000) * 1_000, id: '1' };
    const { sql, params } = searchStatement({}, 101, after);
    const plan = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, params);
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toMatch(
      /Index Cond: \(ROW\(created_at, id\) </,
    );
  });

  it.each(['csv', 'ndjson'] as const)('exports %s no faster than it is read', async (format) => {
    let asked = 0;
    const counting: Queries = {
      query: (sql, params) => {
        asked += 1;
        return database.query(sql, params);
      },
    };
    const { body } = await new ExportAudit(new AuditSearchRepository(counting)).execute({}, format);
    const reader = body[Symbol.asyncIterator]();
    for (const read of [1, 2, 3]) {
      await reader.next();
      await new Promise((resolve) => setTimeout(resolve, 300));
      // One batch is read, one waits, and one may be on its way.
      expect(asked).toBeLessThanOrEqual(read + 2);
    }
    await reader.return?.();
    const before = asked;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(asked).toBe(before);
  });
});
