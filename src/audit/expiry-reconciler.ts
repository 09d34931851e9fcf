import type { Database, Queries } from '../database/database.port.js';
import type { Outbox } from './outbox.port.js';
import { dueSecrets, lockUpkeep } from './upkeep.repository.js';

/** Redis evicts within a second of the end; what it has not by then is asked again next time. */
const GRACE_MS = 1_500;
const BATCH = 500;
/** An expiry that waits in the outbox is known by its tombstone only, and that lives for five minutes at least. */
const FRESH_MS = 60_000;

/**
 * Finds secrets whose time has passed without an end. Redis tells nobody reliably what it evicts, so the projection is
 * compared with the store: late after an outage, but never wrong.
 */
export class ExpiryReconciler {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Records what has expired. One replica at a time.
   * @returns how many; the batch's limit means that there may be more
   */
  async round(): Promise<number> {
    return this.database.transaction(async (queries) => {
      if (!(await lockUpkeep(queries))) return 0;
      return this.recordDue(queries);
    });
  }

  /**
   * An end that the projection does not know yet may wait in the outbox, and by now its tombstone may be gone. So the
   * outbox is asked first: only where nothing waits from before a secret's end, and nothing for long, does "still live"
   * in the projection mean that nothing ended it.
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
