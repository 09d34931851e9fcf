import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findRedisBinary } from '../../src/redis/embedded/find-redis-binary.js';
import { freePort } from './free-port.js';
import { layDatabase } from './lay-database.js';
import { endAfterTests } from './leftovers.js';
import { createOwnDatabase, type OwnDatabase } from './own-database.js';

/** `BB_MAIN` names another build to test. */
const MAIN = process.env['BB_MAIN'] ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const READY = /^Burnbag is ready at \S+$/m;
/** Until it hangs: on a crowded machine a start takes long. */
const START_MS = 100_000;
/** As long; what is under way ends first. */
const STOP_MS = 150_000;
const START_TRIES = 5;

export interface AppOptions {
  /** What is run in the place of the built dist/main.js. */
  readonly main?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** @default a new folder, removed at the end */
  readonly dataDir?: string | undefined;
  /** @default the embedded Redis in dataDir */
  readonly redisUrl?: string | undefined;
  readonly port?: number | undefined;
  /**
   * Where the trail is kept if `env` names no DATABASE_URL.
   * @default a database of the run's PostgreSQL, which starts three times as fast; the embedded one with a `dataDir`
   */
  readonly database?: 'server' | 'embedded' | undefined;
  /** As a terminal does it: in a process group of its own, which `process.kill(-pid)` reaches as a whole. */
  readonly group?: boolean;
}

/** The real, built app in a process of its own. */
export interface TestApp {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Everything printed so far: the logs, to look for what must not be in them. */
  output(): string;
  kill9(): Promise<void>;
  /** SIGTERM; @returns the exit code, 128 + 9 when it had to be killed because it did not end */
  stop(): Promise<number>;
  /** Resolves with the exit code when the process is gone, however it ended (null: by a signal). */
  readonly exited: Promise<number | null>;
}

async function databaseFor({ env, dataDir, database }: AppOptions): Promise<OwnDatabase | undefined> {
  if (env?.['DATABASE_URL'] !== undefined) return undefined;
  return (database ?? (dataDir === undefined ? 'server' : 'embedded')) === 'server'
    ? createOwnDatabase()
    : undefined;
}

function environment({ env, redisUrl }: AppOptions, dataDir: string, port: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    TMPDIR: process.env['TMPDIR'],
    // What the first start has compiled; `npm test` names the folder.
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: dataDir,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'info',
    ...(redisUrl === undefined
      ? { REDIS_SERVER_BIN: findRedisBinary(process.env) }
      : { REDIS_URL: redisUrl }),
    ...env,
  };
}

/** @throws with everything that the app printed when it ends, or is not ready in time */
export async function startApp(options: AppOptions = {}): Promise<TestApp> {
  for (let tries = 1; ; tries++) {
    try {
      return await launch(options);
    } catch (error) {
      // Between the look and the use another process may have taken the port.
      const taken = options.port === undefined && String(error).includes('EADDRINUSE');
      if (!taken || tries === START_TRIES) throw error;
    }
  }
}

async function launch(options: AppOptions): Promise<TestApp> {
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'burnbag-app-'));
  const database = await databaseFor(options);
  if (!database && options.env?.['DATABASE_URL'] === undefined) layDatabase(dataDir);
  const removeOwn = async (): Promise<void> => {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    await database?.drop();
  };
  const child = spawn(process.execPath, [options.main ?? MAIN], {
    // A developer's .env in the project must not reach a test.
    cwd: tmpdir(),
    env: { ...environment(options, dataDir, port), ...(database && { DATABASE_URL: database.url }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.group ?? false,
  });
  let output = '';
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<number> => {
    if (isRunning()) child.kill(signal);
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    const code = (await exited) ?? 128 + 9;
    clearTimeout(impatience);
    return code;
  };
  const forget = endAfterTests(async () => {
    await end('SIGTERM');
    await removeOwn();
  });
  await new Promise<void>((resolve, reject) => {
    const fail = (how: string) => () => {
      child.kill('SIGKILL');
      reject(new Error(`the app ${how}:\n${output}`));
    };
    const late = setTimeout(fail('was not ready in time'), START_MS);
    const hear = (data: Buffer): void => {
      output += data.toString();
      if (!READY.test(output)) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', () => {
      clearTimeout(late);
      fail('ended at its start')();
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    dataDir,
    exited,
    output: () => output,
    kill9: async () => void (await end('SIGKILL')),
    stop: async () => {
      const code = await end('SIGTERM');
      forget();
      await removeOwn();
      return code;
    },
  };
}
