import type { Readable } from 'node:stream';

/**
 * Keeps sealed files: opaque bytes under opaque ids, written once and in order, read from anywhere.
 * Written for a disk and for S3 (a partial blob is a multipart upload), so it does **not** promise:
 * - that partial blobs can be read, or truncated at any position: both need a file;
 * - that `durableLength` includes all bytes written before `suspend` or `finish`: S3 keeps whole parts of 5
 * MiB or more, so a crash may lose the last two of them, and `sync` makes no more durable than that;
 * - that a partial blob without durable bytes exists: it may be missing in `list`, and `delete` may return
 * false;
 * - that a second *process* is refused as a writer: processes that share a store take turns by a lock
 * elsewhere;
 * - an order or a snapshot in `list`, nor a time finer than a second.
 */
export interface BlobStore {
  /** Identifies the store, so that it is not confused with another one. Not secret. */
  readonly place: string;

  /**
   * Starts a blob, or continues a partial one.
   * @param offset result of `durableLength`; 0 for a new one
   * @throws BlobOffsetError (with the right offset), BlobBusyError, BlobFinishedError, BlobStoreFullError;
   * like every call here, BlobStoreAwayError when the store is not on this machine
   */
  append(id: BlobId, offset: number): Promise<BlobWriter>;

  /**
   * Bytes of a partial blob that need not be written again, always a multiple of the grain; 0 when there is
   * none.
   * @throws BlobFinishedError when there is nothing to add
   */
  durableLength(id: BlobId): Promise<number>;

  /** Bytes of a finished blob. @throws BlobNotFoundError */
  size(id: BlobId): Promise<number>;

  /**
   * Bytes from `from` (inclusive) to `to` (exclusive, the end by default) of a finished blob; consume or
   * destroy the stream. If the blob is deleted meanwhile, the stream continues to its end or fails: it never
   * ends early without an error.
   * @throws BlobNotFoundError; RangeError unless 0 <= from <= to <= size
   */
  read(id: BlobId, from?: number, to?: number): Promise<Readable>;

  /**
   * Removes the blob, finished or partial. For open streams see `read`.
   * @returns whether there was one @throws BlobBusyError while it is written: abort the writer instead
   */
  delete(id: BlobId): Promise<boolean>;

  /** Iterates over all blobs; those added or removed meanwhile may be missing. */
  list(): AsyncIterable<BlobEntry>;

  /** Bytes of all blobs, partial ones included. May lag behind other processes. */
  usedBytes(): Promise<number>;
}

/**
 * One writer of one blob. Calls run in order; after `finish`, `suspend`, `abort` or an error every call but
 * `abort` fails. After BlobStoreAwayError the partial blob is there up to its durable length; after
 * BlobStoreFullError nothing is left.
 */
export interface BlobWriter {
  /** Bytes of the blob, including those written here. */
  readonly length: number;

  /** Resolves when the store can accept more. The bytes may be reused then. @throws BlobStoreFullError */
  write(bytes: Uint8Array): Promise<void>;

  /**
   * Makes as much durable as possible. @returns a lower bound of `durableLength` from now on, whatever
   * crashes
   */
  sync(): Promise<number>;

  /** Makes the blob durable, whole and readable, in one step: before it is partial, after it is finished. */
  finish(): Promise<void>;

  /** Leaves a partial blob that can be continued. @returns its durable length, a multiple of the grain */
  suspend(): Promise<number>;

  /** Removes everything. Does nothing once the writer has ended. */
  abort(): Promise<void>;
}

/** 32 lower-case hex digits, so that no name has a meaning to a file system. */
export type BlobId = string;

const BLOB_ID = /^[0-9a-f]{32}$/;

/** @throws TypeError: we make the ids, so a wrong one is a bug of ours */
export function requireBlobId(id: unknown): asserts id is BlobId {
  if (typeof id !== 'string' || !BLOB_ID.test(id))
    throw new TypeError('a blob id is 32 lower-case hex digits');
}

export interface BlobEntry {
  readonly id: BlobId;
  /** Bytes stored; for a partial blob as far as the store knows them. */
  readonly size: number;
  readonly partial: boolean;
  /**
   * Milliseconds since the epoch. Last write, or for a partial blob perhaps its start, so age alone proves
   * nothing.
   */
  readonly modifiedAt: number;
}

/**
 * Positions at which a partial blob may end: after `head` bytes and any number of `unit`s. A store is made
 * for one grain, because S3 must choose its parts so that a writer can continue after each of them.
 */
export interface BlobGrain {
  readonly head: number;
  readonly unit: number;
}

/** @returns the last such position at or before `length` */
export function grainFloor({ head, unit }: BlobGrain, length: number): number {
  return length < head ? 0 : length - ((length - head) % unit);
}

export const BLOB_STORE = Symbol('BlobStore');
