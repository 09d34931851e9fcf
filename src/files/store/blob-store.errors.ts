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
