import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

import type { TrailState } from '../audit/audit-report.js';
import { AuditStatus } from '../audit/audit-status.js';
import { STORE_PROBE, type StoreProbe } from './store-probe.port.js';

/**
 * `degraded`: everything is served, but the trail is not kept up; new secrets will be refused when the outbox is full.
 * `unavailable`: nothing can be opened.
 */
export interface HealthReport {
  readonly status: 'ok' | 'degraded' | 'draining' | 'unavailable';
  readonly checks: {
    readonly redis: 'up' | 'down';
    readonly trail: TrailState;
    readonly outbox: {
      readonly events: number;
      readonly oldestSeconds: number;
      readonly filledPercent: number;
    };
    /** Events of the trail that the database refused; their bytes are kept, and the chain is whole. */
    readonly setAsideEvents: number;
  };
  readonly uptimeSeconds: number;
}

/** From here on the outbox is a reason to wake somebody: long before it is full. */
const OUTBOX_FILLED = 0.5;

@Injectable()
export class HealthService implements BeforeApplicationShutdown {
  private draining = false;

  constructor(
    @Inject(STORE_PROBE) private readonly redis: StoreProbe,
    private readonly audit: AuditStatus,
  ) {}

  /** Told before the server stops listening, so that balancers look elsewhere. */
  drain(): void {
    this.draining = true;
  }

  beforeApplicationShutdown(): void {
    this.drain();
  }

  async report(): Promise<HealthReport> {
    const up = await this.redis.answers();
    const { trail, events, oldestMs, setAside } = this.audit.report;
    const filled = this.audit.filled;
    const isKept = trail === 'ok' && filled < OUTBOX_FILLED;
    return {
      status: this.draining ? 'draining' : !up ? 'unavailable' : isKept ? 'ok' : 'degraded',
      checks: {
        redis: up ? 'up' : 'down',
        trail,
        outbox: {
          events,
          oldestSeconds: Math.round(oldestMs / 1000),
          filledPercent: Math.round(filled * 100),
        },
        setAsideEvents: setAside,
      },
      uptimeSeconds: Math.floor(process.uptime()),
    };
  }
}
