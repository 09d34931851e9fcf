/** Base of every error of a blob store: branch on the class. */
abstract class BlobStoreError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** No space for more bytes: full disk, quota, or the largest allowed file. The partial blob is removed. */
export class BlobStoreFullError extends BlobStoreError {
  constructor() {
    super('the blob store has no space left');
  }
}

/** No finished blob has this id: never finished, or deleted. */
export class BlobNotFoundError extends BlobStoreError {
  constructor(readonly id: string) {
    super(`there is no finished blob ${id}`);
  }
}

/** Another writer has this blob. */
export class BlobBusyError extends BlobStoreError {
  constructor(readonly id: string) {
    super(`blob ${id} is being written`);
  }
}

/** The blob is finished, so it is immutable. */
export class BlobFinishedError extends BlobStoreError {
  constructor(readonly id: string) {
    super(`blob ${id} is finished`);
  }
}

/** A writer must begin exactly at the end of the partial blob. */
export class BlobOffsetError extends BlobStoreError {
  constructor(
    readonly id: string,
    /** End of the partial blob: 0 when there is none. */
    readonly durableLength: number,
  ) {
    super(`partial blob ${id} ends at byte ${durableLength}`);
  }
}

/**
 * The store does not answer, or cannot serve now. Durable bytes are kept; the same call may work in a moment.
 */
export class BlobStoreAwayError extends BlobStoreError {
  constructor(
    /** A code such as ECONNREFUSED or SlowDown: never a host, a bucket or an id. */
    readonly reason: string,
  ) {
    super(`the blob store does not answer: ${reason}`);
  }
}

/** The store refuses us: credentials, rights, or a missing bucket. For clients it counts as unavailable. */
export class BlobStoreRefusedError extends BlobStoreAwayError {
  constructor(reason: string) {
    super(reason);
    this.message = `the blob store refuses: ${reason}`;
  }
}

/** The configured store cannot be used. The message says what to set; it ends the start of the app. */
export class BlobStoreUnfitError extends BlobStoreError {}
