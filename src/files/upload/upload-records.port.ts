/**
 * Keeps what an upload needs to go on after a lost connection or a restart. Each entry forgets itself after its time;
 * the script that creates the secret removes it.
 */
export interface UploadRecords {
  /**
   * @param ref 16 bytes, of the secret to be @param ttlMs until it is forgotten @param keyId that wraps its data key
   * @returns false when that key was retired, which this replica has missed: nothing is kept
   */
  save(ref: Buffer, record: Buffer, ttlMs: number, keyId: number): Promise<boolean>;
  /** @param ttlMs begins anew; without it nothing changes @returns undefined when there is none (any more) */
  find(ref: Buffer, ttlMs?: number): Promise<Buffer | undefined>;
  drop(ref: Buffer): Promise<void>;
}

export const UPLOAD_RECORDS = Symbol('UploadRecords');
