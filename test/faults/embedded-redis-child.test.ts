import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedRedis } from '../../src/redis/embedded/embedded-redis.js';
import { DataDirError } from '../../src/platform/data-dir/data-dir.errors.js';
import { findRedisBinary } from '../../src/redis/embedded/find-redis-binary.js';
import { exchange } from '../../src/platform/data-dir/socket-exchange.js';

const binary = findRedisBinary(process.env);
const lines: string[] = [];
let folder: string;
let running: EmbeddedRedis[];

function embedded(dataDir = join(folder, 'data'), extraArgs: readonly string[] = []): EmbeddedRedis {
  const log = (level: string, message: string): void => void lines.push(`${level} ${message}`);
  const redis = new EmbeddedRedis({ dataDir, binary, log, extraArgs });
  running.push(redis);
  return redis;
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
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

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'burnbag-embedded-'));
  running = [];
  lines.length = 0;
});

afterEach(async () => {
  for (const redis of running) await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('embedded Redis', () => {
  it('serves on a private socket only, and fsyncs every write', async () => {
    const redis = embedded();
    const { socketPath } = await redis.start();
    expect(await exchange(socketPath, 'CONFIG GET appendfsync\r\n')).toContain('always');
    expect(await exchange(socketPath, 'CONFIG GET port\r\n')).toMatch(/port\r\n\$1\r\n0/);
    expect(await exchange(socketPath, 'CONFIG GET maxmemory-policy\r\n')).toContain('noeviction');
    expect(lstatSync(socketPath).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(folder, 'data', 'redis')).mode & 0o777).toBe(0o700);
  });

  it('keeps what was written over a stop and a start, and leaves no process and no socket', async () => {
    const first = embedded();
    const { socketPath } = await first.start();
    const { pid } = first;
    expect(await exchange(socketPath, 'SET kept 1\r\n')).toContain('OK');
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(socketPath)).toBe(false);
    await embedded().start();
    expect(await exchange(socketPath, 'GET kept\r\n')).toContain('1');
  });

  it('comes back with its data when Redis is killed', async () => {
    const redis = embedded();
    const { socketPath } = await redis.start();
    const { pid } = redis;
    await exchange(socketPath, 'SET kept 1\r\n');
    process.kill(pid as number, 'SIGKILL');
    await until(
      async () => redis.pid !== pid && (await exchange(socketPath, 'GET kept\r\n'))?.includes('1') === true,
    );
    expect(lines).toContain('error embedded Redis ended');
    await until(() => lines.includes('warn embedded Redis is running again'));
  });

  it('refuses a second owner of the folder, naming it, and takes it once it is free', async () => {
    const dataDir = join(folder, 'data');
    const first = embedded(dataDir);
    await first.start();
    const second = embedded(dataDir).start();
    await expect(second).rejects.toBeInstanceOf(DataDirError);
    await expect(second).rejects.toThrow(dataDir);
    expect(isAlive(first.pid)).toBe(true);
    await first.stop();
    await embedded(dataDir).start();
  });

  it('lets exactly one of ten starts have the folder', async () => {
    const starts = await Promise.allSettled(Array.from({ length: 10 }, () => embedded().start()));
    expect(starts.filter((start) => start.status === 'fulfilled')).toHaveLength(1);
  });

  it('works in a folder whose path is too long for a socket', async () => {
    const dataDir = join(folder, 'a'.repeat(60), 'b'.repeat(60));
    mkdirSync(dataDir, { recursive: true });
    const { socketPath } = await embedded(dataDir).start();
    expect(socketPath.length).toBeLessThan(100);
    expect(await exchange(socketPath, 'PING\r\n')).toContain('PONG');
    await expect(embedded(dataDir).start()).rejects.toThrow(dataDir);
  });

  it('works in a folder whose name has blanks and quotes', async () => {
    const { socketPath } = await embedded(join(folder, `it's "a" \\ folder`)).start();
    expect(await exchange(socketPath, 'SET kept 1\r\n')).toContain('OK');
  });

  it('says what Redis said when it does not start, and gives the folder free', async () => {
    await expect(embedded(undefined, ['--no-such-option', 'yes']).start()).rejects.toThrow(/no-such-option/);
    await embedded().start();
  });

  it('says so when the binary cannot be started', async () => {
    const log = (): void => undefined;
    const redis = new EmbeddedRedis({ dataDir: join(folder, 'data'), binary: join(folder, 'absent'), log });
    await expect(redis.start()).rejects.toThrow(/absent cannot be started/);
  });

  it('gives Redis none of the environment of the app', async () => {
    process.env['BURNBAG_KEYS'] = '1:canary';
    try {
      const redis = embedded();
      await redis.start();
      if (process.platform === 'linux') {
        expect(readFileSync(`/proc/${redis.pid}/environ`, 'utf8')).not.toContain('canary');
      }
    } finally {
      delete process.env['BURNBAG_KEYS'];
    }
  });
});
