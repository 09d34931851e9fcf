/** A lock between processes that share a blob store. */
export interface UploadLock {
  /**
   * @param ref 16 bytes, of the future secret @param giveWay called when another writer wants the lock, or
   * has it already
   * @returns what releases it; undefined when its holder did not release it within `patienceMs`
   */
  take(ref: Buffer, giveWay: () => void, patienceMs: number): Promise<(() => Promise<void>) | undefined>;
}

export const UPLOAD_LOCK = Symbol('UploadLock');

/** For a store of a single process: the lock within the process is enough. */
export const noLock: UploadLock = { take: () => Promise.resolve(() => Promise.resolve()) };
