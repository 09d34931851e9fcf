import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';

import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';

import type { KeyringHolder } from '../../crypto/keyring/keyring.holder.js';
import type { Keyring } from '../../crypto/keyring/keyring.js';
import { DatabaseAwayError, DatabaseUnfitError } from '../../database/database.port.js';
import type { DatabaseThread, TaskHandle } from '../../database/thread/database-thread.js';
import type { AuditReport, AuditRequest, AuditTaskSettings } from './audit-report.js';
import type { AuditStatus } from './audit-status.js';
import type { AuditSubscribers } from '../subscriber/audit-subscribers.js';
import type { PositionAnswer } from '../position/compare-positions.js';
import type { RedisPositionCheck } from '../position/redis-position-check.js';
import type { VerifyAnswer, VerifyRequest } from '../verify/verify-request.js';

const TASK = new URL('./audit.task.js', import.meta.url);
const GAUGE_MS = 50;
/** Weight of the previous sample of the load: a pause between two requests does not count as idle. */
const MEMORY = 0.8;

export interface AuditRelayOptions {
  readonly production: boolean;
  readonly keys: KeyringHolder;
  readonly subscribers: AuditSubscribers;
  readonly settings: Omit<AuditTaskSettings, 'busy' | 'keyring' | 'subscribers'>;
}

/** Starts the relay in the database thread and receives its reports. */
export class AuditRelay implements OnModuleInit, BeforeApplicationShutdown {
  private task: TaskHandle | undefined;
  private closedFor: number | undefined;
  private gauge: NodeJS.Timeout | undefined;
  private settings: AuditTaskSettings | undefined;

  constructor(
    private readonly thread: DatabaseThread,
    private readonly status: AuditStatus,
    private readonly position: Pick<RedisPositionCheck, 'compareBy' | 'run' | 'doubt' | 'stop'>,
    private readonly options: AuditRelayOptions,
  ) {
    position.compareBy(
      async (request) => (await this.ask({ kind: 'position', ...request })) as PositionAnswer,
    );
  }

  /** @throws DatabaseUnfitError in production, when another database keeps the trail of this Redis */
  async onModuleInit(): Promise<void> {
    let heard: (report: AuditReport) => void = () => undefined;
    const first = new Promise<AuditReport>((resolve) => {
      heard = resolve;
    });
    const { keys, subscribers } = this.options;
    const keyring = keys.current;
    const settings = {
      ...this.options.settings,
      keyring: keyring.clone(),
      subscribers: subscribers.start(),
      busy: this.gaugeRequests(),
    };
    this.settings = settings;
    this.task = await this.thread.run(TASK, settings, (report: AuditReport) => {
      this.status.hear(report);
      this.closeIfBehind(report);
      heard(report);
    });
    keys.onChange((next) => this.useKeys(next));
    if (keys.current !== keyring) await this.useKeys(keys.current);
    const { trail } = await first;
    await this.position.run();
    if (trail === 'elsewhere' && this.options.production) {
      throw new DatabaseUnfitError(
        'The audit trail of this Redis is kept by another database: set DATABASE_URL to that one',
      );
    }
  }

  /** Closes the store once for each finding: by the next report it may be reconciled, compared and open again. */
  private closeIfBehind({ behindFoundAt }: AuditReport): void {
    if (behindFoundAt === undefined || behindFoundAt === this.closedFor) return;
    this.closedFor = behindFoundAt;
    this.position.doubt();
  }

  /** Runs before Redis is disconnected. Events left in the outbox wait for the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.gauge);
    this.position.stop();
    await this.task?.stop();
  }

  /** Checks the trail in the thread. @throws DatabaseAwayError */
  async verify(request: VerifyRequest): Promise<VerifyAnswer> {
    return (await this.ask({ kind: 'verify', ...request })) as VerifyAnswer;
  }

  private async ask(request: AuditRequest): Promise<unknown> {
    if (!this.task) throw new DatabaseAwayError('the audit task is not running');
    return this.task.ask(request);
  }

  /**
   * Signs and verifies with another keyring from now on. Resolves when the relay uses it, so that this
   * replica can verify what another one signs with it.
   */
  private async useKeys(next: Keyring): Promise<void> {
    if (!this.task || !this.settings) return;
    const keyring = next.clone();
    this.settings = { ...this.settings, keyring };
    this.task.restartWith(this.settings);
    await this.ask({ kind: 'keys', keyring }).catch((error: unknown) => {
      // A thread that is restarted begins with the options above.
      if (!(error instanceof DatabaseAwayError)) throw error;
    });
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
