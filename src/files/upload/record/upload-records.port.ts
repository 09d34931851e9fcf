/**
 * Keeps the state of uploads across lost connections and restarts. Each entry expires; the script that
 * creates the secret removes it.
 */
export interface UploadRecords {
  /**
   * @param ref 16 bytes, of the future secret @param ttlMs until it expires @param keyId that wraps its data
   * key
   * @returns false when that key was retired, which this replica has not noticed yet: nothing is kept
   */
  save(ref: Buffer, record: Buffer, ttlMs: number, keyId: number): Promise<boolean>;
  /**
   * @param ttlMs restarts the time to live; without it nothing changes @returns undefined when it does not
   * exist
   */
  find(ref: Buffer, ttlMs?: number): Promise<Buffer | undefined>;
  drop(ref: Buffer): Promise<void>;
}

export const UPLOAD_RECORDS = Symbol('UploadRecords');
