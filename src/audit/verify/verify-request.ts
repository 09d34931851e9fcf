import type { Verification } from '@burnbag/contract';

import { DatabaseAwayError, type Queries } from '../../database/database.port.js';
import type { AuditKeys } from '../chain/audit-keys.js';
import { describeFinding } from './chain-finding.js';
import { decodeKeptHeads, verifyKept } from '../chain/kept-heads.js';

/** Request of the main thread to the audit task; structured-cloned. */
export interface VerifyRequest {
  /** The heads that Redis keeps, by bucket. */
  readonly heads: readonly (Uint8Array | null)[];
}

export type VerifyAnswer = Omit<Verification, 'at'>;

/** Throws once it is told to stop, so that a check of many rows ends between two pages. */
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
