import { DatabaseAwayError, type Queries } from '../database/database.port.js';
import type { AuditKeys } from './audit-keys.js';
import { describeFinding } from './chain-finding.js';
import { decodeKeptHeads, verifyKept } from './kept-heads.js';

/** What a check of the whole trail found. */
export interface Verification {
  /** When it was over: ISO 8601. */
  readonly at: string;
  readonly intact: boolean;
  /** How many were found right; where one was not, before it. */
  readonly events: number;
  /** The first thing that is wrong, as `audit verify` says it. */
  readonly finding: string | null;
}

/** What the main thread asks of the audit task; structured-cloned. */
export interface VerifyRequest {
  /** The heads that Redis keeps, by bucket. */
  readonly heads: readonly (Uint8Array | null)[];
}

export type VerifyAnswer = Omit<Verification, 'at'>;

/** Answers nothing any more once it is told to stop: so a check of many rows ends between two of its pages. */
export function stoppable(queries: Queries, stopping: AbortSignal): Queries {
  return {
    query: (sql, params) =>
      stopping.aborted
        ? Promise.reject(new DatabaseAwayError('the portal is stopping'))
        : queries.query(sql, params),
  };
}

/** @throws DatabaseAwayError */
export async function answerVerify(
  queries: Queries,
  keys: AuditKeys,
  { heads }: VerifyRequest,
): Promise<VerifyAnswer> {
  const stored = heads.map((bytes) => bytes && Buffer.from(bytes));
  const progress = { events: 0 };
  const verdict = await verifyKept(queries, keys, decodeKeptHeads(stored), progress);
  return 'broken' in verdict
    ? { intact: false, ...progress, finding: describeFinding(verdict.broken) }
    : { intact: true, ...progress, finding: null };
}
