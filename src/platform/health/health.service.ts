import type { TrailState } from '@burnbag/contract';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

import { AuditStatus } from '../../audit/relay/audit-status.js';
import type { StorePosition } from '../../common/store-position.js';
import { VERSION } from '../../common/version.js';
import { RedisClock } from '../../redis/clock/redis-clock.js';
import { RedisService } from '../../redis/redis.service.js';

/** Position of Redis compared with the audit trail. */
interface PositionReport {
  readonly state: ClosedState;
  /** Those that are behind, or not compared yet. */
  readonly buckets: readonly number[];
  readonly reason?: string;
  readonly action: string;
}

/**
 * `degraded`: everything is served, but the trail is behind; new secrets will be refused when the outbox is
 * full. `unavailable`: nothing can be opened.
 */
export interface HealthReport {
  readonly status: 'ok' | 'degraded' | 'draining' | 'unavailable';
  readonly checks: {
    readonly redis: 'up' | 'down';
    /** Absent while Redis is as far as the trail. */
    readonly position?: PositionReport;
    readonly clock: {
      /**
       * Milliseconds by which this machine's clock is ahead of Redis'; negative when it is behind. Secrets
       * end by Redis'.
       */
      readonly differenceMs: number;
      /** `apart`: past two seconds. Everything is served; set both clocks by NTP. */
      readonly state: 'ok' | 'apart';
    };
    readonly trail: TrailState;
    readonly outbox: {
      readonly events: number;
      readonly oldestSeconds: number;
      readonly filledPercent: number;
    };
    /** Events of the trail that the database refused; their bytes are kept, and the chain is intact. */
    readonly setAsideEvents: number;
  };
  /** Of the portal. */
  readonly version: string;
  readonly uptimeSeconds: number;
}

const ACTIONS = {
  unproven: 'Redis is compared again automatically, and opened, once the reason is gone. See docs/redis.md.',
  behind: 'Run "npm run cli -- redis reconcile", or start with REDIS_RECONCILE=auto. See docs/redis.md.',
};

type ClosedState = keyof typeof ACTIONS;

function describePosition(state: ClosedState, { buckets, reason }: StorePosition): PositionReport {
  return { state, buckets, ...(reason !== undefined && { reason }), action: ACTIONS[state] };
}

/** Share of the outbox that justifies an alarm: long before it is full. */
const OUTBOX_FILLED = 0.5;
const CLOCKS_APART_MS = 2_000;

@Injectable()
export class HealthService implements BeforeApplicationShutdown {
  private draining = false;

  constructor(
    private readonly redis: RedisService,
    private readonly clock: RedisClock,
    private readonly audit: AuditStatus,
  ) {}

  /** Called before the server stops listening, so that balancers stop sending. */
  drain(): void {
    this.draining = true;
  }

  beforeApplicationShutdown(): void {
    this.drain();
  }

  /** The current value; while Redis is down, the last one. */
  private async clockDifference(up: boolean): Promise<number> {
    // Failures are reported by this probe already, or by the next.
    if (up) await this.clock.measure().catch(() => undefined);
    return this.clock.differenceMs;
  }

  async report(): Promise<HealthReport> {
    const up = await this.redis.answers();
    const { position } = this.redis;
    const differenceMs = await this.clockDifference(up);
    const { trail, events, oldestMs, setAside } = this.audit.report;
    const filled = this.audit.filled;
    const isKept = trail === 'ok' && filled < OUTBOX_FILLED;
    return {
      status: this.draining
        ? 'draining'
        : !up || !position.serving
          ? 'unavailable'
          : isKept
            ? 'ok'
            : 'degraded',
      checks: {
        redis: up ? 'up' : 'down',
        ...(position.state !== 'current' && { position: describePosition(position.state, position) }),
        clock: { differenceMs, state: Math.abs(differenceMs) > CLOCKS_APART_MS ? 'apart' : 'ok' },
        trail,
        outbox: {
          events,
          oldestSeconds: Math.round(oldestMs / 1000),
          filledPercent: Math.round(filled * 100),
        },
        setAsideEvents: setAside,
      },
      version: VERSION,
      uptimeSeconds: Math.floor(process.uptime()),
    };
  }
}
