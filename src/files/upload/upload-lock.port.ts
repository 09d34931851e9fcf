/** Takes turns between processes that share a blob store. */
export interface UploadLock {
  /**
   * @param ref 16 bytes, of the secret to be @param giveWay called when somebody else wants it, or has it already
   * @returns what ends the turn; undefined when its holder did not let go for `patienceMs`
   */
  take(ref: Buffer, giveWay: () => void, patienceMs: number): Promise<(() => Promise<void>) | undefined>;
}

export const UPLOAD_LOCK = Symbol('UploadLock');

/** For a store that one process has to itself: turns within the process are enough. */
export const noLock: UploadLock = { take: () => Promise.resolve(() => Promise.resolve()) };
