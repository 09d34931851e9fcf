import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { openPortal, until, type Portal } from './kit/portal.js';
import { caughtUp, recordedRows, verdictOn } from './kit/recorded.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(async () => {
  await portal.close();
});

async function reconcile(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [CLI, 'redis', 'reconcile', ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], REDIS_URL: portal.redis.url, ...portal.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  expect(await once(child, 'close')).toEqual([0, null]);
  return said;
}

/** Copies everything in Redis. Returns a function that restores the copy. */
async function backup(): Promise<() => Promise<void>> {
  const { db } = portal;
  const keys = await db.keys('*');
  const saved = await Promise.all(
    keys.map(async (key) => ({ key, ttl: Math.max(0, await db.pttl(key)), dump: await db.dumpBuffer(key) })),
  );
  return async () => {
    await db.flushall();
    for (const { key, ttl, dump } of saved) if (dump) await db.restore(key, ttl, dump, 'REPLACE');
  };
}

it('burns again what a restored Redis brings back, records it, and leaves the rest alone', async () => {
  const { client } = portal;
  const [opened, burnt, untouched] = await Promise.all([client.create(), client.create(), client.create()]);
  const twice = await client.create({ maxViews: 2 });
  const fresh = await client.create({ maxViews: 2 });
  await client.reveal(fresh.id);
  await caughtUp(portal);
  const restore = await backup();
  await client.reveal(opened.id);
  await client.reveal(twice.id);
  await client.burn(burnt.id);
  await caughtUp(portal);
  await restore();
  await until(async () => (await client.send('GET', '/health/ready')).status === 503);
  expect((await client.reveal(opened.id)).status).toBe(503);

  expect(await reconcile('--dry-run')).toContain('3 had come back: not burnt');
  expect(await reconcile()).toBe(
    '5 secrets whose time is not over looked at, 3 had come back: burnt again\n',
  );
  await until(async () => (await client.send('GET', '/health/ready')).status === 200);
  for (const { id } of [opened, burnt, twice]) expect((await client.reveal(id)).status).toBe(410);
  for (const { id } of [untouched, fresh]) expect((await client.reveal(id)).status).toBe(200);
  expect(await reconcile()).toContain(' 0 had come back');

  await caughtUp(portal);
  const rows = await recordedRows(portal);
  const again = rows.filter(({ action, actor }) => action === 'burned' && actor === 'system');
  expect(again.map(({ ref }) => ref).toSorted()).toEqual([opened.ref, burnt.ref, twice.ref].toSorted());
  expect(await verdictOn(portal)).toEqual({ events: rows.length });
});
