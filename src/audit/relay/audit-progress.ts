import type { TrailState } from '@burnbag/contract';

import type { AuditReport } from './audit-report.js';
import type { OutboxState } from '../outbox/outbox.port.js';

const REPORT_MS = 1_000;

export type AuditLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void;

/** State of the trail and counters of the relay, as they are reported and logged. */
export class AuditProgress {
  trail: TrailState = 'away';
  relayed = 0;
  expired = 0;
  setAside = 0;
  private behindFoundAt: number | undefined;
  private waiting = { events: 0, oldestMs: 0 };
  private logged: string | undefined;
  private reportDueAt = 0;

  constructor(
    private readonly send: (report: AuditReport) => void,
    readonly log: AuditLog,
  ) {}

  /** Events that wait in all buckets. */
  get waitingEvents(): number {
    return this.waiting.events;
  }

  /** Whether a failure was logged and has not ended. */
  get hasFailed(): boolean {
    return this.logged !== undefined;
  }

  measure(states: readonly OutboxState[]): void {
    const ages = states.map(({ oldestAt, now }) =>
      oldestAt === undefined ? 0 : Math.max(0, now - oldestAt),
    );
    this.waiting = {
      events: states.reduce((sum, { events }) => sum + events, 0),
      oldestMs: Math.max(...ages),
    };
  }

  /** @param moved events of one batch that the database has now */
  moved(moved: number): void {
    this.relayed += moved;
    this.waiting.events = Math.max(0, this.waiting.events - moved);
    if (this.waiting.events === 0) this.waiting.oldestMs = 0;
    this.report(true);
  }

  /** Logs each failure once, not at every try. */
  become(trail: TrailState, message: string, fields?: Record<string, unknown>): void {
    this.trail = trail;
    if (this.logged === message) return;
    this.logged = message;
    this.log(trail === 'broken' || trail === 'behind' ? 'error' : 'warn', message, fields);
  }

  /** Reports each finding at once: the main thread closes the store as soon as it arrives. */
  foundBehind(fields: Record<string, unknown>): void {
    this.behindFoundAt = performance.timeOrigin + performance.now();
    this.become('behind', 'Redis has less of the audit trail than the database', fields);
    this.report(false);
  }

  recovered(): void {
    this.trail = 'ok';
    if (this.logged !== undefined) this.log('info', 'the audit trail is kept again');
    this.logged = undefined;
  }

  /** @param onlyWhenDue reports nothing until a second after the last report */
  report(onlyWhenDue: boolean): void {
    const now = performance.now();
    if (onlyWhenDue && now < this.reportDueAt) return;
    this.reportDueAt = now + REPORT_MS;
    const { trail, relayed, expired, setAside, behindFoundAt } = this;
    this.send({ trail, ...this.waiting, relayed, expired, setAside, behindFoundAt });
  }
}
