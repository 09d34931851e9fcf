import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { supervise } from '../../common/supervise.js';
import { DataDirLock } from '../../platform/data-dir/data-dir.lock.js';
import { removeSocketFolder } from '../../platform/data-dir/private-folder.js';
import { exchange } from '../../platform/data-dir/socket-exchange.js';
import { prepareDataDir, type RedisPaths } from './data-dir.js';
import { EmbeddedRedisError } from './embedded-redis.errors.js';
import { endOrphanRedis } from './orphan-redis.js';
import { RedisChild } from './redis-child.js';
import { renderRedisConfig } from './redis-config.js';

const POLL_MS = 20;
/** Milliseconds until a Redis that does not listen counts as failed; loading a big file may take longer. */
const LISTEN_MS = 30_000;
const KEPT_LINES = 20;

export interface EmbeddedRedisOptions {
  readonly dataDir: string;
  /** Path of redis-server or valkey-server, see findRedisBinary. */
  readonly binary: string;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void;
  /** Memory limit of Redis in bytes. @default no limit */
  readonly maxMemoryBytes?: number;
  /** More of Redis's own options, for example `['--maxmemory', '64mb']`. */
  readonly extraArgs?: readonly string[];
}

/** Runs a private Redis as a child on a Unix socket in DATA_DIR, and keeps it running until stop(). */
export class EmbeddedRedis {
  private paths: RedisPaths | undefined;
  private lock: DataDirLock | undefined;
  private child: RedisChild | undefined;
  private readonly stopping = new AbortController();
  private supervision: Promise<void> = Promise.resolve();
  private recentLines: string[] = [];
  private isServing = false;

  constructor(private readonly options: EmbeddedRedisOptions) {}

  /** Process id of the running redis-server; undefined while there is none. */
  get pid(): number | undefined {
    return this.child?.running ? this.child.pid : undefined;
  }

  /**
   * Resolves when Redis answers, after it has loaded what an earlier run left.
   * @throws DataDirError when another app owns DATA_DIR, EmbeddedRedisError when Redis does not come up
   */
  async start(): Promise<{ socketPath: string }> {
    const { dataDir, binary } = this.options;
    const paths = prepareDataDir(dataDir);
    this.lock = await DataDirLock.acquire(paths.lockSocket, paths.dataDir);
    this.paths = paths;
    try {
      await endOrphanRedis(paths);
      writeFileSync(paths.configFile, renderRedisConfig(paths, this.options.maxMemoryBytes), { mode: 0o600 });
      this.child = await this.launch(paths);
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.options.log('info', 'embedded Redis is ready', {
      pid: this.child.pid,
      binary,
      dataDir: paths.dataDir,
    });
    this.supervision = this.supervise(paths, this.child);
    return { socketPath: paths.redisSocket };
  }

  /** Ends Redis (SIGTERM, SIGKILL after ten seconds), waits for its exit and unlocks DATA_DIR. Idempotent. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.child?.terminate();
    await this.supervision;
    if (this.paths) await endOrphanRedis(this.paths);
    await this.lock?.release();
    this.lock = undefined;
    if (this.paths) removeSocketFolder(this.paths.redisDir, this.paths.socketDir);
  }

  private async launch(paths: RedisPaths): Promise<RedisChild> {
    const args = [paths.configFile, ...(this.options.extraArgs ?? [])];
    this.recentLines = [];
    const child = await RedisChild.spawn(this.options.binary, args, (line) => this.hear(line)).catch(
      (error: unknown) => {
        throw new EmbeddedRedisError(`${this.options.binary} cannot be started: ${String(error)}`);
      },
    );
    this.child = child;
    // A stop() between the spawn and this line saw no child to end.
    if (this.stopping.signal.aborted) await child.terminate();
    writeFileSync(paths.pidFile, String(child.pid), { mode: 0o600 });
    await this.untilReady(paths, child);
    return child;
  }

  private async untilReady(paths: RedisPaths, child: RedisChild): Promise<void> {
    const since = Date.now();
    for (;;) {
      const answer = await exchange(paths.redisSocket, 'PING\r\n');
      if (!child.running)
        throw new EmbeddedRedisError(`Redis ended at its start: ${this.recentLines.join(' | ')}`);
      if (answer && !answer.startsWith('-LOADING')) return;
      if (answer === undefined && Date.now() - since > LISTEN_MS) {
        await child.terminate();
        throw new EmbeddedRedisError(`Redis does not listen on ${paths.redisSocket}`);
      }
      await delay(POLL_MS);
    }
  }

  /** Starts Redis again whenever it ends, until stop(). */
  private supervise(paths: RedisPaths, first: RedisChild): Promise<void> {
    this.isServing = true;
    return supervise({
      first: { ended: first.exited },
      signal: this.stopping.signal,
      onEnd: (how) => {
        this.isServing = false;
        this.report('embedded Redis ended', { how, output: this.recentLines });
      },
      restart: async () => {
        const child = await this.relaunch(paths);
        this.isServing = child !== undefined;
        return child && { ended: child.exited };
      },
    });
  }

  private async relaunch(paths: RedisPaths): Promise<RedisChild | undefined> {
    try {
      const child = await this.launch(paths);
      this.options.log('warn', 'embedded Redis is running again', { pid: child.pid });
      return child;
    } catch (error) {
      this.report('embedded Redis does not start again', { reason: String(error) });
      return undefined;
    }
  }

  private report(message: string, fields: Record<string, unknown>): void {
    if (!this.stopping.signal.aborted) this.options.log('error', message, fields);
  }

  /** Output of Redis during the start is logged only when the start fails; later lines are always logged. */
  private hear(line: string): void {
    this.recentLines = [...this.recentLines, line].slice(-KEPT_LINES);
    if (this.isServing && !this.stopping.signal.aborted)
      this.options.log('warn', 'embedded Redis says', { line });
  }
}
