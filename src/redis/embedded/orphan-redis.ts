import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisPaths } from './data-dir.js';
import { EmbeddedRedisError } from './embedded-redis.errors.js';

const PATIENCE_MS = 15_000;
const KILL_AFTER_MS = 10_000;
const POLL_MS = 25;

function commandTransport(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** Process ids are reused: only a command line that names this DATA_DIR's socket or configuration is ours. */
function isOurRedis(pid: number, paths: RedisPaths): boolean {
  const command = commandTransport(pid);
  return command.includes(paths.redisSocket) || command.includes(paths.configFile);
}

function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the check and the signal, as intended.
  }
}

/**
 * Ends the Redis that a killed app left running, and waits for its exit: two servers would corrupt one
 * append-only file. The caller holds the lock of the DATA_DIR, so no running app uses that Redis.
 * @throws EmbeddedRedisError when it does not end within 15 seconds
 */
export async function endOrphanRedis(paths: RedisPaths): Promise<void> {
  const pid = readPid(paths.pidFile);
  const since = Date.now();
  let asked: NodeJS.Signals | undefined;
  while (pid !== undefined && isOurRedis(pid, paths)) {
    const waited = Date.now() - since;
    if (waited > PATIENCE_MS) {
      throw new EmbeddedRedisError(
        `the Redis of an earlier run (pid ${pid}) on ${paths.dataDir} does not end`,
      );
    }
    const wanted = waited > KILL_AFTER_MS ? 'SIGKILL' : 'SIGTERM';
    if (asked !== wanted) signal(pid, wanted);
    asked = wanted;
    await delay(POLL_MS);
  }
  rmSync(paths.pidFile, { force: true });
}
