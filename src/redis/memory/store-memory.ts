import { Logger, type OnApplicationShutdown } from '@nestjs/common';

import { ProblemError } from '../../platform/http/problem/problem.js';
import { storageFull } from '../../platform/http/problem/store.errors.js';
import type { MetricsService } from '../../platform/metrics/metrics.service.js';
import type { StoreServer } from './store-servers.js';

/** For the metrics. */
const MEASURE_MS = 5_000;
/**
 * Milliseconds that a measurement counts while there is a quota; bytes admitted meanwhile are added to it.
 */
const MEASURED_FOR_MS = 250;
const WARN_EVERY_MS = 60_000;

export interface StoreMemoryOptions {
  /** @throws ProblemError store_unavailable */
  readonly ask: () => Promise<readonly StoreServer[]>;
  /** SECRET_QUOTA_BYTES, of all servers together; 0: none */
  readonly quotaBytes: number;
  readonly metrics: Pick<MetricsService, 'storeMemory'>;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

function sum(servers: readonly StoreServer[], of: 'usedBytes' | 'maxBytes'): number {
  return servers.reduce((total, server) => total + server[of], 0);
}

/**
 * The memory of Redis: reported to the metrics, and compared with SECRET_QUOTA_BYTES before a new secret is
 * stored. The servers measure it themselves, so secrets that expire, are opened or are burnt need no
 * bookkeeping. A server's own maxmemory bounds it in any case.
 */
export class StoreMemory implements OnApplicationShutdown {
  private readonly logger = new Logger(StoreMemory.name);
  private measuring: Promise<void> | undefined;
  /** Free bytes below the quota; unknown until the first measurement and after one that failed. */
  private room = Infinity;
  private measuredAt = -Infinity;
  private warnedAt = -Infinity;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: StoreMemoryOptions) {
    this.timer = setInterval(() => void this.measure(), MEASURE_MS).unref();
  }

  /** @param bytes about to be stored @throws ProblemError storage_full */
  async require(bytes: number): Promise<void> {
    const { quotaBytes, now } = this.options;
    if (quotaBytes === 0) return;
    if (now() - this.measuredAt >= MEASURED_FOR_MS) await this.measure();
    if (this.room >= bytes) {
      this.room -= bytes;
      return;
    }
    if (now() - this.warnedAt >= WARN_EVERY_MS) {
      this.warnedAt = now();
      this.logger.warn({ quotaBytes }, 'the memory of Redis is at its quota: no new secrets are taken');
    }
    throw storageFull('The secret store holds as much as it may (SECRET_QUOTA_BYTES).');
  }

  /**
   * One question for all callers that wait. When Redis does not answer there is no bound: the command that
   * follows reports it.
   */
  measure(): Promise<void> {
    return (this.measuring ??= this.ask().finally(() => (this.measuring = undefined)));
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async ask(): Promise<void> {
    try {
      this.adopt(await this.options.ask());
    } catch (error) {
      if (!(error instanceof ProblemError))
        this.logger.error({ err: error }, 'the memory of Redis is unknown');
      this.room = Infinity;
    } finally {
      this.measuredAt = this.options.now();
    }
  }

  private adopt(servers: readonly StoreServer[]): void {
    const { quotaBytes, metrics } = this.options;
    const used = sum(servers, 'usedBytes');
    const isBounded = servers.every(({ maxBytes }) => maxBytes > 0);
    const bounds = [isBounded ? sum(servers, 'maxBytes') : 0, quotaBytes].filter((bytes) => bytes > 0);
    // The fullest server of a cluster refuses before all of them are full.
    const shares = servers.map(({ usedBytes, maxBytes }) => (maxBytes > 0 ? usedBytes / maxBytes : 0));
    const ofQuota = quotaBytes > 0 ? used / quotaBytes : 0;
    this.room = quotaBytes > 0 ? quotaBytes - used : Infinity;
    metrics.storeMemory({
      used,
      bound: bounds.length > 0 ? Math.min(...bounds) : 0,
      filled: Math.max(ofQuota, ...shares),
    });
  }
}
