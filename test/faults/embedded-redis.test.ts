import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startApp, type AppOptions, type TestApp } from '../support/app-process.js';

let folder: string;
let dataDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'burnbag-faults-'));
  dataDir = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (options: AppOptions = {}): Promise<TestApp> => startApp({ dataDir, ...options });
const redisPid = (): number => Number(readFileSync(join(dataDir, 'redis', 'redis.pid'), 'utf8'));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const since = Date.now();
  while (!(await condition())) {
    if (Date.now() - since > 60_000) throw new Error('the condition did not hold within a minute');
    await delay(20);
  }
}

async function post(
  app: TestApp,
  path: string,
  body: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${app.url}/api/v1/secrets${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function create(app: TestApp): Promise<string> {
  const { status, body } = await post(app, '', { content: 'kept' });
  expect(status).toBe(201);
  return String(body['id']);
}

const reveal = (app: TestApp, id: string) => post(app, `/${id}/reveal`, {});

describe('the app with its embedded Redis', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves no Redis after %s to the whole group',
    async (signal) => {
      const app = await start({ group: true });
      const pid = redisPid();
      expect(isAlive(pid)).toBe(true);
      process.kill(-app.pid, signal);
      expect(await app.exited).toBe(0);
      await until(() => !isAlive(pid));
    },
  );

  it('leaves no Redis when the app is killed', async () => {
    const app = await start({ group: true });
    const pid = redisPid();
    process.kill(-app.pid, 'SIGKILL');
    await app.exited;
    await until(() => !isAlive(pid));
    expect(app.output()).not.toContain('has stopped');
  });

  it('keeps secrets and burns over a kill and an immediate restart', async () => {
    const first = await start();
    const [kept, burnt] = [await create(first), await create(first)];
    expect(await reveal(first, burnt)).toMatchObject({ status: 200 });
    const pid = redisPid();
    await first.kill9();
    const second = await start();
    // It has ended; its new parent may take a moment to reap it.
    await until(() => !isAlive(pid));
    expect(await reveal(second, burnt)).toMatchObject({ status: 410, body: { code: 'secret_gone' } });
    expect(await reveal(second, kept)).toMatchObject({ status: 200, body: { content: 'kept' } });
  });

  it('takes the folder over from an orphaned Redis', async () => {
    const first = await start();
    const kept = await create(first);
    const pid = redisPid();
    // Frozen, it neither hears the guard nor answers: only the next start can end it.
    process.kill(pid, 'SIGSTOP');
    await first.kill9();
    expect(isAlive(pid)).toBe(true);
    const next = start();
    await delay(200);
    process.kill(pid, 'SIGCONT');
    const second = await next;
    expect(redisPid()).not.toBe(pid);
    expect(await reveal(second, kept)).toMatchObject({ status: 200, body: { content: 'kept' } });
  });

  it('refuses a second app on the same DATA_DIR, naming it, and the first serves on', async () => {
    const app = await start();
    const kept = await create(app);
    await expect(start()).rejects.toThrow(`another Burnbag is running on DATA_DIR ${dataDir}`);
    expect(await reveal(app, kept)).toMatchObject({ status: 200, body: { content: 'kept' } });
  });

  it('serves again, with every secret, after its Redis was killed', async () => {
    const app = await start();
    const [kept, burnt] = [await create(app), await create(app)];
    expect(await reveal(app, burnt)).toMatchObject({ status: 200 });
    const pid = redisPid();
    process.kill(pid, 'SIGKILL');
    await until(() => redisPid() !== pid);
    await until(async () => (await fetch(`${app.url}/health/ready`)).status === 200);
    expect(await reveal(app, burnt)).toMatchObject({ status: 410 });
    expect(await reveal(app, kept)).toMatchObject({ status: 200, body: { content: 'kept' } });
    await until(() => app.output().includes('embedded Redis is running again'));
    expect(app.output()).not.toContain(kept);
  });

  it('runs beside another copy with another port and folder', async () => {
    const [one, other] = await Promise.all([start(), startApp()]);
    const id = await create(one);
    expect(await reveal(other, id)).toMatchObject({ status: 404 });
    expect(await reveal(one, id)).toMatchObject({ status: 200 });
  });
});
