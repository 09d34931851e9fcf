import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Milliseconds that Redis may take to flush and end after SIGTERM. */
const TERMINATE_MS = 10_000;

/**
 * Waits for the end of its input, which is the end of the app, then ends Redis; SIGKILL after ten seconds.
 */
const GUARD = `cat >/dev/null; kill -TERM "$1" || exit 0
i=0; while [ $i -lt 100 ] && kill -0 "$1"; do sleep 0.1; i=$((i+1)); done; kill -KILL "$1"`;

/** The child does not need the keys and passwords in the app's environment. */
function childEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], LC_ALL: 'C' };
}

/**
 * One running redis-server with its watchdog. Both run in sessions of their own, so that a Ctrl-C at the
 * terminal reaches the app first; the watchdog ends Redis when the app dies in any way, SIGKILL included.
 */
export class RedisChild {
  readonly pid: number;
  /** Resolves, once Redis is gone and reaped, with how it ended (`code 0`, `signal SIGKILL`). */
  readonly exited: Promise<string>;
  private hasExited = false;

  private constructor(
    private readonly redis: ChildProcess,
    pid: number,
    exit: Promise<string>,
  ) {
    this.pid = pid;
    const guard = spawn('/bin/sh', ['-c', GUARD, 'burnbag-redis-guard', String(pid)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: childEnvironment(),
    });
    guard.on('error', () => undefined);
    guard.stdin?.on('error', () => undefined);
    this.exited = exit.then((how) => {
      this.hasExited = true;
      // A watchdog that outlives its Redis could signal another process with the same id.
      guard.kill('SIGKILL');
      return how;
    });
  }

  /**
   * @param onLine is given every line that Redis prints
   * @throws the system's error when the binary cannot be started
   */
  static async spawn(
    binary: string,
    args: readonly string[],
    onLine: (line: string) => void,
  ): Promise<RedisChild> {
    const redis = spawn(binary, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: childEnvironment(),
    });
    const exit = new Promise<string>((resolve) => {
      redis.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`));
    });
    for (const output of [redis.stdout, redis.stderr]) {
      createInterface({ input: output }).on('line', onLine);
    }
    if (redis.pid === undefined) {
      return new Promise((_, reject) => redis.once('error', reject));
    }
    return new RedisChild(redis, redis.pid, exit);
  }

  get running(): boolean {
    return !this.hasExited;
  }

  /** SIGTERM, and SIGKILL when Redis does not end in ten seconds; resolves when it is gone. */
  async terminate(): Promise<void> {
    this.redis.kill('SIGTERM');
    const impatience = setTimeout(() => this.redis.kill('SIGKILL'), TERMINATE_MS);
    await this.exited;
    clearTimeout(impatience);
  }
}
