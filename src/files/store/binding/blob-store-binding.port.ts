/**
 * Whether this replica keeps the files of its Redis. Replicas that share a Redis must share a blob store:
 * with another disk, one would treat every file of the others as lost.
 */
export interface BlobStoreBinding {
  /** @throws ProblemError files_elsewhere */
  require(): Promise<void>;
  holds(): Promise<boolean>;
  /** Reads the binding and makes none. @throws ProblemError store_unavailable */
  refresh(): Promise<void>;
  /** Whether Redis was bound to another store when it was last read; false before. */
  readonly isElsewhere: boolean;
}
export const FILES_HERE = Symbol('BlobStoreBinding');
