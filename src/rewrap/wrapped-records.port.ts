/** A record whose data key is wrapped by a key-encryption key, as far as a rotation needs it. */
export interface WrappedRecord {
  readonly kind: 'secret' | 'upload';
  /** 16 bytes. */
  readonly ref: Buffer;
  /** The beginning of its envelope: the wrapped key and at most a few bytes after it. */
  readonly envelope: Buffer;
  /** The other bindings of the envelope. */
  readonly purpose: Buffer;
}

/** `gone`: it ended meanwhile; `changed`: another process was faster; `damaged`: it cannot be opened. */
export type SwapResult = 'done' | 'gone' | 'changed' | 'damaged';

/** Every record that may still be opened, with its wrapped data key. */
export interface WrappedRecords {
  /**
   * All records that exist during the whole scan, some of them twice, a page at a time.
   * @throws ClusterMovingError when a record could have been missed
   */
  pages(): AsyncIterable<readonly WrappedRecord[]>;
  /** Replaces the wrapped key, if it is unchanged; changes nothing else, and creates no record. */
  swap(record: WrappedRecord, envelope: Buffer): Promise<SwapResult>;
  /** Forbids or allows new records under a key, in every bucket. */
  forbid(keyId: number, forbidden: boolean): Promise<void>;
}
