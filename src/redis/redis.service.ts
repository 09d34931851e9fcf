import { Logger, type OnApplicationShutdown } from '@nestjs/common';

import type { StorePosition } from '../common/store-position.js';
import type { Tracing } from '../platform/tracing/tracing.port.js';
import type { RedisConfig, ServerConfig } from '../platform/config/sections/app.config.js';
import type { MetricsService } from '../platform/metrics/metrics.service.js';
import { checkKeys } from './boot-checks.js';
import { EmbeddedRedis } from './embedded/embedded-redis.js';
import { embeddedMaxMemory } from './embedded/max-memory.js';
import { findRedisBinary } from './embedded/find-redis-binary.js';
import type { ConnectionLog } from './handshake/connection-log.js';
import { openConnection } from './client/open-connection.js';
import type { RedisConnection } from './client/redis-connection.js';
import { QuorumStatus } from './quorum/quorum-status.js';
import { configuredTarget, type RedisTarget } from '../platform/config/redis-target.js';
import { StoreGate } from './store-gate.js';
import type { ArgumentKinds, Script, ScriptArguments, ScriptKeys } from './script/define-script.js';
import { ScriptRunner, type Scripts } from './script/script-runner.js';

const PING_MS = 2_000;

interface Running {
  readonly connection: RedisConnection;
  readonly scripts: ScriptRunner;
  readonly gate: StoreGate;
  readonly target: RedisTarget;
}

/** The connection to Redis: as configured, or to a private server that is a child of this process. */
export class RedisService implements Scripts, OnApplicationShutdown {
  private readonly logger = new Logger(RedisService.name);
  private embedded: EmbeddedRedis | undefined;
  private running: Running | undefined;

  constructor(
    private readonly config: RedisConfig,
    private readonly server: ServerConfig,
    private readonly metrics: MetricsService,
    private readonly tracing?: Tracing,
  ) {}

  /** Starts and checks what is configured. @throws RedisUnfitError, EmbeddedRedisError */
  async start(): Promise<void> {
    const target = configuredTarget(this.config) ?? (await this.startEmbedded());
    const connection = openConnection(target, this.log, this.quorum());
    try {
      const facts = await connection.connect();
      const timers = new Map<string, { observe(seconds: number): void }>();
      const observe = (script: string, seconds: number): void => {
        const timer = timers.get(script) ?? this.metrics.redisScript(script);
        timers.set(script, timer);
        timer.observe(seconds);
      };
      const gate = new StoreGate((key) => connection.serverOf(key));
      const scripts = new ScriptRunner(connection.lines, facts.major >= 7, observe, (key) =>
        gate.require(key),
      );
      this.running = { connection, scripts, gate, target };
      this.metrics.storeReachable(true);
      connection.onPresence((up) => this.metrics.storeReachable(up));
    } catch (error) {
      connection.close();
      await this.embedded?.stop();
      throw error;
    }
  }

  /** Where Redis is, with its passwords: for connections of other threads. */
  get target(): RedisTarget {
    return this.started.target;
  }

  get position(): StorePosition {
    return this.started.gate.position;
  }

  /** Lets scripts of secrets through while the store is as far as the trail. */
  get gate(): StoreGate {
    return this.started.gate;
  }

  /** @param hear called with whether Redis can be reached, whenever that changes */
  onPresence(hear: (up: boolean) => void): void {
    this.started.connection.onPresence(hear);
  }

  /**
   * Runs a script in one round trip. @throws ProblemError store_unavailable when Redis is down, storage_full
   */
  run<K extends string, A extends ArgumentKinds, R>(
    script: Script<K, A, R>,
    keys: ScriptKeys<NoInfer<K>>,
    args: ScriptArguments<NoInfer<A>>,
  ): Promise<R> {
    const { scripts } = this.started;
    return this.tracing
      ? this.tracing.script(script.name, () => scripts.run(script, keys, args))
      : scripts.run(script, keys, args);
  }

  /** @throws RedisUnfitError when a key id was used with other key bytes before */
  async bindKeys(fingerprints: ReadonlyMap<number, Buffer>): Promise<void> {
    await checkKeys(this.started.connection.commands, fingerprints);
  }

  /** Whether Redis answers a PING within two seconds. */
  async answers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), PING_MS);
    });
    return Promise.race([this.started.connection.answers(), late]).finally(() => clearTimeout(timer));
  }

  /** Runs last: the HTTP server has drained by now. */
  async onApplicationShutdown(): Promise<void> {
    this.running?.connection.close();
    await this.embedded?.stop();
  }

  private get started(): Running {
    if (!this.running) throw new Error('RedisService was used before start()');
    return this.running;
  }

  private quorum(): QuorumStatus | undefined {
    const { burnQuorum } = this.config;
    return burnQuorum === 0 ? undefined : new QuorumStatus(burnQuorum, this.metrics.burnQuorum(), this.log);
  }

  private async startEmbedded(): Promise<RedisTarget> {
    const binary = findRedisBinary({ ...process.env, REDIS_SERVER_BIN: this.config.serverBinary });
    this.embedded = new EmbeddedRedis({
      dataDir: this.server.dataDir,
      binary,
      log: this.log,
      maxMemoryBytes: embeddedMaxMemory(),
    });
    return { mode: 'single', socket: (await this.embedded.start()).socketPath };
  }

  private readonly log: ConnectionLog = (level, message, fields) => {
    const line = { ...fields };
    if (level === 'info') this.logger.log(line, message);
    else this.logger[level](line, message);
  };
}
