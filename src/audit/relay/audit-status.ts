import type { MetricsService } from '../../platform/metrics/metrics.service.js';
import type { StorePosition } from '../../common/store-position.js';
import type { AuditReport } from './audit-report.js';

const SILENT: AuditReport = {
  trail: 'away',
  events: 0,
  oldestMs: 0,
  relayed: 0,
  expired: 0,
  setAside: 0,
  behindFoundAt: undefined,
};

/** Milliseconds after which a report is outdated: the thread hangs, or is being restarted. */
const STALE_MS = 10_000;

/** State of the trail by the last report of the relay. */
export class AuditStatus {
  private last = SILENT;
  private heardAt = 0;

  constructor(
    private readonly metrics: MetricsService,
    private readonly outboxMax: number,
  ) {}

  hear(report: AuditReport): void {
    this.last = report;
    this.heardAt = performance.now();
    const { trail, ...figures } = report;
    this.metrics.auditTrail({ ...figures, filled: this.filled, kept: trail === 'ok' });
  }

  hearPosition({ state, buckets }: StorePosition): void {
    this.metrics.redisPosition(state === 'current', state === 'behind' ? buckets.length : 0);
  }

  get report(): AuditReport {
    const stale = performance.now() - this.heardAt > STALE_MS;
    return stale ? { ...this.last, trail: 'away' } : this.last;
  }

  /** Share of AUDIT_OUTBOX_MAX that waits. */
  get filled(): number {
    return this.last.events / this.outboxMax;
  }
}
