import type { Database } from '../../database/database.port.js';
import type { AuditProgress } from '../relay/audit-progress.js';
import type { ExpiryReconciler } from './expiry-reconciler.js';
import type { OutboxState } from '../outbox/outbox.port.js';
import type { Retention } from './retention.js';
import { countSetAside } from '../set-aside/set-aside.repository.js';

const EXPIRY_MS = 5_000;
const RETENTION_MS = 3_600_000;

export interface UpkeepParts {
  readonly expiry: ExpiryReconciler;
  readonly retention: Retention;
}

/** Records expiries and removes old events, each when it is due. */
export class AuditUpkeep {
  private dueAt = { expiry: 0, retention: 0 };

  constructor(
    private readonly database: Database,
    private readonly progress: AuditProgress,
  ) {}

  /** @param states of every bucket, whose clocks are those of the servers of Redis */
  async run({ expiry, retention }: UpkeepParts, states: readonly OutboxState[]): Promise<void> {
    const now = performance.now();
    if (now >= this.dueAt.expiry) {
      this.progress.expired += await expiry.round();
      this.progress.setAside = await countSetAside(this.database);
      this.dueAt.expiry = now + EXPIRY_MS;
    }
    if (now >= this.dueAt.retention) {
      // Events carry the time of their server: by the earliest clock none is removed before its time.
      const forgotten = await retention.round(Math.min(...states.map((state) => state.now)));
      if (forgotten > 0)
        this.progress.log('info', 'audit events past AUDIT_RETENTION_DAYS were removed', { forgotten });
      else this.dueAt.retention = now + RETENTION_MS;
    }
  }
}
