import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { Client } from '../int/kit/client.js';
import { openPortal, until, type Portal } from '../int/kit/portal.js';
import { caughtUp, recordedRows, verdictOn } from '../int/kit/recorded.js';
import { startApp, type TestApp } from '../support/app-process.js';
import { readinessProxy } from './kit/readiness-proxy.js';

/** How many times every copy is restarted; more for a demonstration by hand. */
const ROUNDS = Number(process.env['BURNBAG_ROLLING_ROUNDS'] ?? 1);
const CLIENTS = 12;
const portOf = ({ url }: TestApp) => Number(new URL(url).port);

let portal: Portal;

beforeAll(async () => {
  const env = { SHUTDOWN_DELAY_SECONDS: '4' };
  portal = await openPortal({ apps: 3, group: true, env });
});
afterAll(async () => {
  await portal.close();
});

/** @returns what the three copies did while each was restarted: the references made, and every answer that was none */
async function underLoad(
  client: Client,
  work: () => Promise<void>,
): Promise<{ refs: string[]; failed: string[] }> {
  const refs: string[] = [];
  const failed: string[] = [];
  let busy = true;
  const note = (what: string, status: number, wanted: number) => {
    if (status !== wanted) failed.push(`${what}: ${status}`);
  };
  const life = async (content: string): Promise<void> => {
    const made = await client.tryCreate({ content });
    note('create', made.status, 201);
    const id = String(made.body['id']);
    note('status', (await client.status(id)).status, 200);
    const opened = await client.reveal(id);
    note('reveal', opened.status, 200);
    if (opened.body['content'] !== content) failed.push('another content');
    refs.push(String(made.body['ref']));
  };
  const loop = async (n: number): Promise<void> => {
    for (let i = 0; busy; i += 1) {
      await life(`${n}/${i}`).catch((error: unknown) => failed.push(String(error)));
    }
  };
  const loops = Array.from({ length: CLIENTS }, (_, n) => loop(n));
  await work().finally(() => (busy = false));
  await Promise.all(loops);
  return { refs, failed };
}

it('restarts three copies one after the other under load, and no request fails and no event is lost', async () => {
  const proxy = await readinessProxy(portal.apps.map(portOf));
  const client = new Client(proxy.url);
  let apps = [...portal.apps];

  const restart = async (old: TestApp): Promise<TestApp> => {
    process.kill(old.pid, 'SIGTERM');
    expect(await old.exited).toBe(0);
    // The copy was the leader of a group: nothing that it started has outlived it.
    expect(() => process.kill(-old.pid, 0)).toThrow(/ESRCH/);
    const port = portOf(old);
    const before = proxy.sent(port);
    const next = await startApp({ env: portal.env, redisUrl: portal.redis.url, port, group: true });
    await until(() => proxy.sent(port) > before + 20, 60_000);
    return next;
  };

  const { refs, failed } = await underLoad(client, async () => {
    await until(() => portal.apps.every((app) => proxy.sent(portOf(app)) > 20), 60_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      const replaced: TestApp[] = [];
      for (const app of apps) replaced.push(await restart(app));
      apps = replaced;
    }
  });
  client.close();
  await proxy.close();
  expect(proxy.failures).toEqual([]);
  expect(failed).toEqual([]);

  await caughtUp(portal, 60_000);
  const rows = await recordedRows(portal);
  const byAction = (action: string) => rows.filter((row) => row.action === action).map(({ ref }) => ref);
  expect(byAction('created').toSorted()).toEqual(refs.toSorted());
  expect(byAction('viewed').toSorted()).toEqual(refs.toSorted());
  expect(await verdictOn(portal)).toEqual({ events: rows.length });
  process.stdout.write(`${refs.length} secrets lived through ${ROUNDS * 3} restarts\n`);
  await Promise.all(apps.map((app) => app.stop()));
});
