/**
 * Position of the secret store compared with the audit trail. `current`: every bucket is known to be as far.
 * `unproven`: some could not be compared yet, and are closed. `behind`: the store has gone back in time, and
 * all are closed.
 */
export interface StorePosition {
  readonly state: 'current' | 'unproven' | 'behind';
  /** The buckets that are not current. */
  readonly buckets: readonly number[];
  readonly reason: string | undefined;
  /** Whether any bucket is open. */
  readonly serving: boolean;
}
