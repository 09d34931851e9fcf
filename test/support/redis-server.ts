import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { findRedisBinary } from '../../src/redis/embedded/find-redis-binary.js';
import { freePort } from './free-port.js';
import { endAfterTests } from './leftovers.js';

const START_TRIES = 5;
const LOAD_MS = 60_000;

export interface RedisOptions {
  /** An image such as `redis:7`; undefined: the server that this machine has. */
  readonly version?: string | undefined;
  /** Settings of redis.conf, over the defaults below. */
  readonly config?: Readonly<Record<string, string>>;
  /** A configuration file to use instead of the defaults below; `config` overrides it. */
  readonly configFile?: string;
  /** Another program than the one of this machine. */
  readonly binary?: string | undefined;
  /** `name:password` of the user that {@link TestRedis.cli} works as. @default the default user */
  readonly login?: string;
  /** Is kept at the end. @default a new folder, removed at the end */
  readonly dir?: string;
}

/** A real Redis or Valkey server of one test file, on a loopback port of its own. */
export interface TestRedis {
  readonly url: string;
  /** Its data folder; '' in a container. */
  readonly dir: string;
  /** Of the running server process; undefined in a container and while it is down. */
  readonly pid: number | undefined;
  /** Sends one command. @returns its reply as text, the items of an array on lines of their own */
  cli(...args: string[]): Promise<string>;
  /** SIGKILL; what was answered before is on disk. */
  kill9(): Promise<void>;
  /** SIGTERM; resolves when the process has ended. */
  end(): Promise<void>;
  /** Starts the server again after kill9, on the same port and files; kills a running one before. */
  restart(): Promise<void>;
  /** Ends it and removes its files. Also done by itself after the last test of the file. */
  stop(): Promise<void>;
}

/** What a portal's Redis must be: every answered write is on disk. */
const SAFE_CONFIG = {
  appendonly: 'yes',
  appendfsync: 'always',
  save: '',
  'maxmemory-policy': 'noeviction',
};

/** Sends one command over a connection of its own; see {@link TestRedis.cli}. */
export async function sendCommand(url: string, args: readonly string[]): Promise<string> {
  const [name = 'PING', ...rest] = args;
  // A user who may not ask for INFO, and a server that still loads, get their answer to the command itself.
  const options = {
    lazyConnect: true,
    retryStrategy: () => null,
    protocol: 2,
    enableReadyCheck: false,
  } as const;
  const redis = new Redis(url, options);
  let refusal: Error | undefined;
  redis.on('error', (error: Error) => (refusal ??= error));
  try {
    await redis.connect();
    const reply = await redis.call(name, ...rest);
    return Array.isArray(reply) ? reply.flat(3).map(String).join('\n') : String(reply);
  } catch (error) {
    throw refusal ?? error;
  } finally {
    redis.disconnect();
  }
}

class ServerProcess implements TestRedis {
  private child: ChildProcess | undefined;
  private forget = (): void => undefined;

  private constructor(
    readonly dir: string,
    private readonly port: number,
    private readonly options: RedisOptions,
  ) {}

  /** @throws when no free port could be had in five tries, or the settings are refused */
  static async start(options: RedisOptions): Promise<ServerProcess> {
    for (let tries = 1; ; tries++) {
      const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'burnbag-redis-'));
      const server = new ServerProcess(dir, await freePort(), options);
      try {
        await server.restart();
        server.forget = endAfterTests(() => server.stop());
        return server;
      } catch (error) {
        await server.stop();
        // Between the look and the use another process may have taken the port.
        if (tries === START_TRIES || !String(error).includes('in use')) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  cli(...args: string[]): Promise<string> {
    const { login } = this.options;
    return sendCommand(login === undefined ? this.url : this.url.replace('//', `//${login}@`), args);
  }

  async restart(): Promise<void> {
    await this.kill9();
    const { config, configFile, binary } = this.options;
    const settings = {
      bind: '127.0.0.1',
      port: String(this.port),
      dir: this.dir,
      ...(configFile === undefined && SAFE_CONFIG),
      ...config,
    };
    const args = [
      ...(configFile === undefined ? [] : [configFile]),
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ];
    const child = spawn(binary ?? findRedisBinary(process.env), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (output += data.toString()));
    this.child = child;
    const since = Date.now();
    while ((await this.cli('PING').catch(() => '')) !== 'PONG') {
      const ended = child.exitCode !== null || child.signalCode !== null;
      if (ended || Date.now() - since > LOAD_MS) throw new Error(`Redis did not start:\n${output}`);
      await delay(10);
    }
  }

  kill9(): Promise<void> {
    return this.signal('SIGKILL');
  }

  end(): Promise<void> {
    return this.signal('SIGTERM');
  }

  async stop(): Promise<void> {
    this.forget();
    await this.kill9();
    if (this.options.dir === undefined) rmSync(this.dir, { recursive: true, force: true });
  }

  private async signal(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}

/**
 * A real server for a test: the one of this machine, or the named version in a container.
 * @throws when there is neither; a test that needs Redis fails without one
 */
export async function startRedis(options: RedisOptions = {}): Promise<TestRedis> {
  const { version, config, configFile, binary, dir } = options;
  const isHere = configFile !== undefined || binary !== undefined || dir !== undefined;
  if (isHere || (version === undefined && process.env['BURNBAG_TEST_REDIS'] !== 'container'))
    return ServerProcess.start(options);
  const { startRedisContainer } = await import('./redis-container.js');
  return startRedisContainer(version ?? 'redis:8', { ...SAFE_CONFIG, ...config });
}

/**
 * The servers that a contract must hold on, for `describe.each`: the one of this machine, and where a container engine
 * answers (asked once, before the tests) the supported versions.
 */
export function redisMatrix(): readonly { name: string; version: string | undefined }[] {
  const local = { name: 'the server of this machine', version: undefined };
  if (process.env['BURNBAG_TEST_ENGINE'] !== 'yes') return [local];
  return [local, ...['redis:7', 'redis:8', 'valkey/valkey:8'].map((version) => ({ name: version, version }))];
}
