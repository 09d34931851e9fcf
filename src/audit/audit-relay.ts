import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';

import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';

import { DatabaseUnfitError } from '../database/database.port.js';
import type { DatabaseThread, TaskHandle } from '../database/database-thread.js';
import type { AuditReport, AuditTaskSettings } from './audit-report.js';
import type { AuditStatus } from './audit-status.js';

const TASK = new URL('./audit.task.js', import.meta.url);
const GAUGE_MS = 50;
/** How much of a busy moment is remembered from one look to the next: a pause between two requests is no rest. */
const MEMORY = 0.8;

export interface AuditRelayOptions {
  readonly production: boolean;
  readonly settings: Omit<AuditTaskSettings, 'busy'>;
}

/** Starts the relay in the database thread and hears how it goes. */
export class AuditRelay implements OnModuleInit, BeforeApplicationShutdown {
  private task: TaskHandle | undefined;
  private gauge: NodeJS.Timeout | undefined;

  constructor(
    private readonly thread: DatabaseThread,
    private readonly status: AuditStatus,
    private readonly options: AuditRelayOptions,
  ) {}

  /** @throws DatabaseUnfitError in production, when another database keeps the trail of this Redis */
  async onModuleInit(): Promise<void> {
    let heard: (report: AuditReport) => void = () => undefined;
    const first = new Promise<AuditReport>((resolve) => {
      heard = resolve;
    });
    const settings = { ...this.options.settings, busy: this.gaugeRequests() };
    this.task = await this.thread.run(TASK, settings, (report: AuditReport) => {
      this.status.hear(report);
      heard(report);
    });
    const { trail } = await first;
    if (trail === 'elsewhere' && this.options.production) {
      throw new DatabaseUnfitError(
        'The audit trail of this Redis is kept by another database: set DATABASE_URL to that one',
      );
    }
  }

  /** Before Redis is let go of. What waits in the outbox then is for the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.gauge);
    await this.task?.stop();
  }

  /** On a single core the relay must know when the requests need it. */
  private gaugeRequests(): SharedArrayBuffer | undefined {
    if (availableParallelism() > 1) return undefined;
    const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const busy = new Int32Array(shared);
    let before = performance.eventLoopUtilization();
    let level = 0;
    this.gauge = setInterval(() => {
      const now = performance.eventLoopUtilization();
      level = Math.max(performance.eventLoopUtilization(now, before).utilization, level * MEMORY);
      Atomics.store(busy, 0, Math.round(level * 1_000));
      before = now;
    }, GAUGE_MS).unref();
    return shared;
  }
}
