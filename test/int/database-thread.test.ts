import { generateKeySync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { DatabaseAwayError, DatabaseUnfitError, StatementError } from '../../src/database/database.port.js';
import { DatabaseThread, type TaskHandle } from '../../src/database/thread/database-thread.js';
import type { DatabaseTarget } from '../../src/database/open-database.js';
import { databaseMatrix, freshDataDir } from '../support/database-matrix.js';
import { endAfterTests } from '../support/leftovers.js';
import { startPostgres } from '../support/postgres-server.js';
import { until } from './kit/portal.js';

const main = process.env['BB_MAIN'];
const built = main === undefined ? new URL('../../dist/main.js', import.meta.url) : new URL(`file://${main}`);
const TASK = new URL('./kit/thread.task.mjs', import.meta.url);

interface Started {
  readonly thread: DatabaseThread;
  readonly lines: string[];
}

async function start(target: DatabaseTarget): Promise<Started> {
  const lines: string[] = [];
  const thread = await DatabaseThread.start({
    target,
    log: (level, message) => lines.push(`${level}: ${message}`),
    workerUrl: new URL('./database/thread/database.worker.js', built),
  });
  endAfterTests(() => thread.stop());
  return { thread, lines };
}

function runTask(thread: DatabaseThread, reports: unknown[] = []): Promise<TaskHandle> {
  const settings = { name: 'a task', key: generateKeySync('hmac', { length: 256 }) };
  return thread.run(TASK, settings, (report) => reports.push(report));
}

describe.each(databaseMatrix())('the database thread on $name', (engine) => {
  it('answers queries of the main thread, in the types of the database', async () => {
    const { thread } = await start(await engine.quick());
    expect(thread.up).toBe(true);
    const [row] = await thread.query<{ bytes: Buffer; at: Date; big: number; list: string }>(
      'SELECT $1::bytea AS bytes, $2::timestamptz AS at, $3::int8 AS big FROM audit_trail',
      [Buffer.from([1, 255]), new Date(5), 2 ** 52],
    );
    expect(Buffer.isBuffer(row?.bytes)).toBe(true);
    expect(row?.bytes.toString('hex')).toBe('01ff');
    expect(row?.at.getTime()).toBe(5);
    expect(row?.big).toBe(2 ** 52);
    await expect(thread.query('SELECT 1/0')).rejects.toMatchObject({ name: 'StatementError', code: '22012' });
    await expect(thread.query('SELECT 1/0')).rejects.toBeInstanceOf(StatementError);
  });

  it('runs a task, asks it, and stops it before the database', async () => {
    const target = await engine.quick();
    const { thread, lines } = await start(target);
    await thread.query('CREATE TABLE marks (name text)');
    const reports: unknown[] = [];
    const task = await runTask(thread, reports);
    expect(reports).toEqual([{ started: 'a task', key: 32 }]);
    expect(await task.ask('hello')).toBe('hello');
    await thread.stop();
    expect(lines).toEqual(['info: the task has stopped']);
    await expect(thread.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseAwayError);
    await expect(task.ask('anyone?')).rejects.toBeInstanceOf(DatabaseAwayError);
    const next = await start(target);
    expect(await next.thread.query('SELECT name FROM marks')).toEqual([{ name: 'a task' }]);
    await next.thread.stop();
  });

  it('starts again after it fell, and its tasks with it', async () => {
    const { thread, lines } = await start(await engine.quick());
    await thread.query('CREATE TABLE marks (name text)');
    const reports: unknown[] = [];
    const task = await runTask(thread, reports);
    for (const [falls, order] of ['fall', 'devour'].entries()) {
      // It may answer before it falls, or not any more.
      const answer = await task.ask(order).catch((error: unknown) => error);
      if (answer !== order) expect(answer).toBeInstanceOf(DatabaseAwayError);
      await until(() => lines.length === falls + 1);
      expect(lines.at(-1)).toBe('error: the database thread ended and is restarted');
      await until(() => thread.up && reports.length === falls + 2);
      expect(await task.ask('hello again')).toBe('hello again');
      expect(await thread.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }
    await thread.stop();
  });
});

describe('the database thread', () => {
  it('starts, and runs tasks, while the server is away; and finds it when it comes back', async () => {
    const server = await startPostgres();
    await server.kill9();
    const { thread, lines } = await start({ url: server.url });
    expect(thread.up).toBe(false);
    await expect(thread.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseAwayError);
    const task = await runTask(thread);
    await expect(task.ask('hello')).rejects.toBeInstanceOf(DatabaseAwayError);
    await server.restart();
    await until(() => thread.up);
    expect(await thread.query('SELECT count(*) AS trails FROM audit_trail')).toEqual([{ trails: 1 }]);
    expect(await task.ask('hello')).toBe('hello');
    await thread.query('CREATE TABLE marks (name text)');

    await server.kill9();
    await expect(thread.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseAwayError);
    await until(() => !thread.up);
    await server.restart();
    await until(() => thread.up);
    expect(await thread.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const away = 'warn: the database is away';
    const back = 'info: the database is back';
    expect(lines).toEqual([away, back, away, back]);
    await thread.stop();
  });

  it('reports at its start that the database cannot be used', async () => {
    const dataDir = freshDataDir();
    const { thread } = await start({ dataDir });
    await expect(start({ dataDir })).rejects.toBeInstanceOf(DatabaseUnfitError);
    await thread.stop();
    const server = await startPostgres();
    const nowhere = server.url.replace(/[^/]*$/, 'nowhere');
    await expect(start({ url: nowhere })).rejects.toThrow('database "nowhere" does not exist');
  });

  it('stops in time with a server that accepts and says nothing', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    endAfterTests(() => Promise.resolve(silent.close()));
    await once(silent, 'listening');
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
    const { thread } = await start({ url: `postgres://nobody@127.0.0.1:${address.port}/none` });
    expect(thread.up).toBe(false);
    const since = performance.now();
    await thread.stop();
    expect(performance.now() - since).toBeLessThan(30_000);
  });

  it('fails a task that cannot start, and leaves nothing of it', async () => {
    const { thread } = await start({ dataDir: freshDataDir() });
    await expect(
      thread.run(new URL('./kit/no-such-task.mjs', import.meta.url), {}, () => undefined),
    ).rejects.toThrow('no-such-task');
    await expect(thread.run(TASK, { uncloneable: () => undefined }, () => undefined)).rejects.toThrow(
      'could not be cloned',
    );
    expect(await thread.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await thread.stop();
  });
});
