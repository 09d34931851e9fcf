import type { Database, Queries } from '../../database/database.port.js';
import type { Outbox } from '../outbox/outbox.port.js';
import { dueSecrets, lockUpkeep } from './upkeep.repository.js';

/** Redis evicts within a second of the expiry; a secret that is still there is checked again next time. */
const GRACE_MS = 1_500;
const BATCH = 500;
/**
 * An expiry that waits in the outbox is known by its tombstone only, which lives for at least five minutes.
 */
const FRESH_MS = 60_000;

/**
 * Finds secrets that have expired without a recorded end. Redis does not reliably announce evictions, so the
 * projection is compared with the store: late after an outage, but never wrong.
 */
export class ExpiryReconciler {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Records what has expired. One replica at a time.
   * @returns how many; a full batch means that there may be more
   */
  async round(): Promise<number> {
    return this.database.transaction(async (queries) => {
      if (!(await lockUpkeep(queries))) return 0;
      return this.recordDue(queries);
    });
  }

  /**
   * An end that the projection does not have yet may wait in the outbox, and its tombstone may be gone by
   * now. So the outbox is checked first: "live" in the projection counts only when no event from before the
   * secret's expiry waits, and none waits for long.
   */
  private async recordDue(queries: Queries): Promise<number> {
    const states = await Promise.all(Array.from({ length: 16 }, (_, bucket) => this.outbox.state(bucket)));
    const now = Math.min(...states.map((state) => state.now));
    const before = states.map(({ oldestAt = now }) =>
      oldestAt > now - FRESH_MS ? Math.min(oldestAt, now) - GRACE_MS : undefined,
    );
    const due = await dueSecrets(queries, before, BATCH);
    const recorded = await Promise.all(due.map(({ ref, expiresAt }) => this.outbox.expire(ref, expiresAt)));
    return recorded.filter(Boolean).length;
  }
}
