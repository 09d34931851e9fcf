/**
 * Whether this copy of Burnbag keeps the files of its Redis. Copies that share a Redis must share a blob store: one that
 * has another disk would take every file of the others for lost.
 */
export interface FilesHere {
  /** @throws ProblemError files_elsewhere */
  require(): Promise<void>;
  holds(): Promise<boolean>;
}
export const FILES_HERE = Symbol('FilesHere');
