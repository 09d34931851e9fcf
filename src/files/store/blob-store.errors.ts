/** Base of every error of a blob store: branch on the class. */
export abstract class BlobStoreError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** No room for more bytes: full disk, quota, or the largest file that is allowed. The partial blob is removed. */
export class BlobStoreFullError extends BlobStoreError {
  constructor() {
    super('the blob store has no room left');
  }
}

/** There is no finished blob of this id: never finished, or deleted. */
export class BlobNotFoundError extends BlobStoreError {
  constructor(readonly id: string) {
    super(`there is no finished blob ${id}`);
  }
}

/** Somebody is writing this blob. */
export class BlobBusyError extends BlobStoreError {
  constructor(readonly id: string) {
    super(`blob ${id} is being written`);
  }
}

/** The blob is finished: it never changes again. */
export class BlobFinishedError extends BlobStoreError {
  constructor(readonly id: string) {
    super(`blob ${id} is finished`);
  }
}

/** A writer has to begin exactly where the partial blob ends. */
export class BlobOffsetError extends BlobStoreError {
  constructor(
    readonly id: string,
    /** Where the partial blob ends: 0 when there is none. */
    readonly durableLength: number,
  ) {
    super(`partial blob ${id} ends at byte ${durableLength}`);
  }
}

/** The store does not answer, or cannot serve now. What was durable still is; the same call may work in a moment. */
export class BlobStoreAwayError extends BlobStoreError {
  constructor(
    /** A code such as ECONNREFUSED or SlowDown: never an address, a bucket or an id. */
    readonly reason: string,
  ) {
    super(`the blob store does not answer: ${reason}`);
  }
}

/** The store answers, but not to us: credentials, rights, or a bucket that is gone. For clients it is as good as away. */
export class BlobStoreRefusedError extends BlobStoreAwayError {
  constructor(reason: string) {
    super(reason);
    this.message = `the blob store refuses: ${reason}`;
  }
}

/** The store as it is configured cannot be used. The message says what to set; it ends the start of the app. */
export class BlobStoreUnfitError extends BlobStoreError {}
