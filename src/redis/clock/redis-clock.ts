import { Logger, type OnApplicationShutdown } from '@nestjs/common';

import type { Clock } from '../../common/clock.js';
import type { MetricsService } from '../../platform/metrics/metrics.service.js';
import { BUCKETS, outboxKeys } from '../redis-keys.js';
import type { RedisService } from '../redis.service.js';
import { defineScript } from '../script/define-script.js';
import { integerIn } from '../script/script-reply.js';

const MEASURE_MS = 5_000;
/** Milliseconds of error that a sample gains by age, since clocks drift. */
const AGING = 1.1;
/**
 * Milliseconds of difference that are logged as a warning: cookies, certificates and sign-ins depend on the
 * clock, too.
 */
const CLOCKS_APART_MS = 2_000;

const readClock = defineScript(import.meta.url, 'read-clock', {
  keys: ['bucket'],
  args: {},
  parse: ([now]) => integerIn(now),
});

interface Sample {
  /** Redis' time at 0 of the monotonic clock. */
  readonly origin: number;
  readonly rttMs: number;
}

/**
 * The clock of Redis, which decides when secrets end. It is sampled repeatedly and extrapolated by the
 * monotonic clock, so that a step of this machine's clock does not move it.
 */
export class RedisClock implements Clock, OnApplicationShutdown {
  private readonly logger = new Logger(RedisClock.name);
  private best: Sample = { origin: performance.timeOrigin, rttMs: Infinity };
  /** Of the server with the largest difference; positive when our clock is ahead. */
  private worstMs = 0;
  private apart = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly redis: Pick<RedisService, 'run' | 'target'>,
    private readonly metrics: Pick<MetricsService, 'clockDifference'>,
  ) {
    // While Redis is down the last sample counts; the outage itself is logged elsewhere.
    this.timer = setInterval(() => void this.measure().catch(() => undefined), MEASURE_MS).unref();
  }

  /** Milliseconds since the epoch by Redis. */
  now(): number {
    return Math.round(this.best.origin + performance.now());
  }

  /** Milliseconds by which this machine's clock is ahead of Redis'; negative when it is behind. */
  get differenceMs(): number {
    return Math.round(this.worstMs);
  }

  /** Asks Redis; of a cluster each server. @throws ProblemError store_unavailable */
  async measure(): Promise<void> {
    const buckets = this.redis.target.mode === 'cluster' ? BUCKETS : 1;
    const asked = Array.from({ length: buckets }, (_, bucket) => this.ask(outboxKeys(bucket).outbox));
    const [first, ...others] = await Promise.all(asked);
    if (!first) return;
    this.adopt(first);
    const ours = Date.now() - performance.now();
    this.worstMs = [this.best, ...others]
      .map(({ origin }) => ours - origin)
      .reduce((worst, each) => (Math.abs(each) > Math.abs(worst) ? each : worst));
    this.metrics.clockDifference(this.worstMs);
    this.warn();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * The error of a sample is at most half of its round trip: the shortest counts, until another contradicts
   * it.
   */
  private adopt(sample: Sample): void {
    const { origin, rttMs } = this.best;
    const isStep = Math.abs(sample.origin - origin) > (sample.rttMs + rttMs) / 2 + 1;
    if (isStep || sample.rttMs <= rttMs) this.best = sample;
    else this.best = { origin, rttMs: rttMs * AGING };
  }

  private async ask(bucket: string): Promise<Sample> {
    const sent = performance.now();
    const now = await this.redis.run(readClock, { bucket }, {});
    const rttMs = performance.now() - sent;
    return { origin: now - sent - rttMs / 2, rttMs };
  }

  private warn(): void {
    const apart = Math.abs(this.worstMs) > CLOCKS_APART_MS;
    if (apart === this.apart) return;
    this.apart = apart;
    const line = { differenceMs: this.differenceMs };
    if (apart) this.logger.warn(line, "this machine's clock and that of Redis are apart: set both by NTP");
    else this.logger.log(line, "this machine's clock and that of Redis agree again");
  }
}
