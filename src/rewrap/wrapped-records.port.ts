/** A record whose data key is wrapped by a key-encryption key, as far as a rotation needs it. */
export interface WrappedRecord {
  readonly kind: 'secret' | 'upload';
  /** 16 bytes. */
  readonly ref: Buffer;
  /** The beginning of its envelope, the wrap whole and no more than a few bytes of what follows. */
  readonly envelope: Buffer;
  /** What the envelope is bound to besides. */
  readonly purpose: Buffer;
}

/** `gone`: it ended meanwhile, and stays so; `changed`: another process was faster; `damaged`: it opens no more. */
export type SwapResult = 'done' | 'gone' | 'changed' | 'damaged';

/** Every record that somebody may yet open, with what wraps its data key. */
export interface WrappedRecords {
  /**
   * All records that are there all the while, some of them twice, a page at a time.
   * @throws ClusterMovingError when a record could have been missed
   */
  pages(): AsyncIterable<readonly WrappedRecord[]>;
  /** Puts another wrap in, if the one that was read is still there; changes nothing else, and makes no record. */
  swap(record: WrappedRecord, envelope: Buffer): Promise<SwapResult>;
  /** Nothing more is stored under a key from now on, in any bucket; or it is allowed again. */
  forbid(keyId: number, forbidden: boolean): Promise<void>;
}
