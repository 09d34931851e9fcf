import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';

import type { RedisConfig, ServerConfig } from '../config/app.config.js';
import type { MetricsService } from '../metrics/metrics.service.js';
import { checkKeys } from './boot-checks.js';
import { EmbeddedRedis } from './embedded/embedded-redis.js';
import { findRedisBinary } from './embedded/find-redis-binary.js';
import { connect, createClient, type ConnectionLog } from './redis.connection.js';
import { ScriptRunner, type ScriptArgument, type ScriptDefinition } from './script.js';

const PING_MS = 2_000;

/** The connection to Redis: given by REDIS_URL, or to a private server that lives and dies with this process. */
export class RedisService implements OnApplicationShutdown {
  private readonly logger = new Logger(RedisService.name);
  private embedded: EmbeddedRedis | undefined;
  private running: { client: Redis; scripts: ScriptRunner; target: string } | undefined;

  constructor(
    private readonly config: RedisConfig,
    private readonly server: ServerConfig,
    private readonly metrics: MetricsService,
  ) {}

  /** Starts what is needed and checks it. @throws RedisUnfitError, EmbeddedRedisError */
  async start(): Promise<void> {
    const target = this.config.url ?? (await this.startEmbedded());
    const client = createClient(target, this.log);
    try {
      const facts = await connect(client);
      const timers = new Map<string, { observe(seconds: number): void }>();
      const observe = (script: string, seconds: number): void => {
        const timer = timers.get(script) ?? this.metrics.redisScript(script);
        timers.set(script, timer);
        timer.observe(seconds);
      };
      this.running = { client, scripts: new ScriptRunner(client, facts.major >= 7, observe), target };
      this.metrics.storeReachable(true);
      client.on('ready', () => this.metrics.storeReachable(true));
      client.on('close', () => this.metrics.storeReachable(false));
    } catch (error) {
      client.disconnect();
      await this.embedded?.stop();
      throw error;
    }
  }

  /** Where the server is, for connections of other threads: a URL, with its password, or the path of a socket. */
  get target(): string {
    return this.connection.target;
  }

  /** Runs a script in one round trip. @throws ProblemError store_unavailable when Redis is away or full */
  run<R>(script: ScriptDefinition<R>, ...keysAndArgs: ScriptArgument[]): Promise<R> {
    return this.connection.scripts.run(script, ...keysAndArgs);
  }

  /** @throws RedisUnfitError when a key id was used with other key bytes before */
  async bindKeys(fingerprints: ReadonlyMap<number, Buffer>): Promise<void> {
    await checkKeys(this.connection.client, fingerprints);
  }

  /** Whether Redis answers a PING within two seconds. */
  async answers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), PING_MS);
    });
    const ping = this.connection.client.ping().then(
      () => true,
      () => false,
    );
    return Promise.race([ping, late]).finally(() => clearTimeout(timer));
  }

  /** Last of all: the HTTP server has drained by now. */
  async onApplicationShutdown(): Promise<void> {
    this.running?.client.disconnect();
    await this.embedded?.stop();
  }

  private get connection(): { client: Redis; scripts: ScriptRunner; target: string } {
    if (!this.running) throw new Error('RedisService was used before start()');
    return this.running;
  }

  private async startEmbedded(): Promise<string> {
    const binary = findRedisBinary({ ...process.env, REDIS_SERVER_BIN: this.config.serverBinary });
    this.embedded = new EmbeddedRedis({ dataDir: this.server.dataDir, binary, log: this.log });
    return (await this.embedded.start()).socketPath;
  }

  private readonly log: ConnectionLog = (level, message, fields) => {
    const line = { ...fields };
    if (level === 'info') this.logger.log(line, message);
    else this.logger[level](line, message);
  };
}
