import type { Verification } from './verification.js';

/** Facts about the trail that are kept outside of its database, for all replicas. */
export interface AuditCheckpoints {
  /**
   * The signed heads of the chains, by bucket; null when there is none. @throws ProblemError
   * store_unavailable
   */
  heads(): Promise<readonly (Buffer | null)[]>;
  /** @throws ProblemError store_unavailable */
  lastVerification(): Promise<Verification | undefined>;
  /** @throws ProblemError store_unavailable */
  keepVerification(verification: Verification): Promise<void>;
}
export const TRAIL_MARKS = Symbol('AuditCheckpoints');
