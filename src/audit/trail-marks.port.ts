import type { Verification } from './verification.js';

/** What is known of the trail outside the database that keeps it, for all replicas. */
export interface TrailMarks {
  /** The signed ends of the chains, by bucket; null where there is none. @throws ProblemError store_unavailable */
  heads(): Promise<readonly (Buffer | null)[]>;
  /** @throws ProblemError store_unavailable */
  lastVerification(): Promise<Verification | undefined>;
  /** @throws ProblemError store_unavailable */
  keepVerification(verification: Verification): Promise<void>;
}
export const TRAIL_MARKS = Symbol('TrailMarks');
