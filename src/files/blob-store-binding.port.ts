/**
 * Whether this replica keeps the files of its Redis. Replicas that share a Redis must share a blob store:
 * with another disk, one would treat every file of the others as lost.
 */
export interface BlobStoreBinding {
  /** @throws ProblemError files_elsewhere */
  require(): Promise<void>;
  holds(): Promise<boolean>;
}
export const FILES_HERE = Symbol('BlobStoreBinding');
