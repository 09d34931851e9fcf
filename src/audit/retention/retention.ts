import type { Database } from '../../database/database.port.js';
import { signHead, type AuditKey } from '../chain/audit-chain.js';
import { lockHead, saveHead } from '../chain/trail.repository.js';
import { firstSince, forgetDerived, forgetEvents, hashAt } from './upkeep.repository.js';

const BATCH = 20_000;
const DAY_MS = 86_400_000;

/**
 * Removes events past AUDIT_RETENTION_DAYS: always the oldest of a chain. The signed head keeps the hash of
 * the last removed one, so that the rest stays verifiable and no other removal goes unnoticed.
 */
export class Retention {
  constructor(
    private readonly database: Database,
    private readonly key: AuditKey,
    private readonly days: number,
  ) {}

  /** @param now ms. @returns how many events were removed; at most a batch for each bucket */
  async round(now: number): Promise<number> {
    const before = now - this.days * DAY_MS;
    let forgotten = 0;
    for (let bucket = 0; bucket < 16; bucket += 1) forgotten += await this.prune(bucket, before);
    await forgetDerived(this.database, before);
    return forgotten;
  }

  private prune(bucket: number, before: number): Promise<number> {
    return this.database.transaction(async (queries) => {
      const stored = await lockHead(queries, bucket);
      if (!stored) return 0;
      const { head, streamId } = stored;
      const firstKept = (await firstSince(queries, bucket, before)) ?? head.sequence + 1;
      const last = Math.min(firstKept - 1, head.floorSequence + BATCH);
      if (last <= head.floorSequence) return 0;
      const floorHash = await hashAt(queries, bucket, last);
      // A gap is left for the verification to report.
      if (!floorHash) return 0;
      await forgetEvents(queries, bucket, last);
      await saveHead(queries, signHead({ ...head, floorSequence: last, floorHash }, this.key), streamId);
      return last - head.floorSequence;
    });
  }
}
