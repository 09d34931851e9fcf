import type { Readable } from 'node:stream';

/**
 * Where sealed files are kept: opaque bytes under opaque ids, written once and in order, read from anywhere.
 *
 * Written for a disk and for S3 (a partial blob is a multipart upload), so it does **not** promise:
 * - that partial blobs can be read, or cut back to a place of the caller's choice: both need a file;
 * - that `durableLength` keeps up with what was written before `suspend` or `finish`: S3 keeps whole parts of 5 MiB or
 *   more, so a crash may lose the last two of them, and `sync` makes no more durable than that;
 * - that a partial blob of which nothing is durable exists: it may be missing in `list`, and `delete` may say false;
 * - that a second *process* is refused as a writer: who shares a store takes turns by a lock elsewhere;
 * - an order or a snapshot in `list`, nor a time finer than a second.
 */
export interface BlobStore {
  /** Names the place where the blobs lie, so that another one is not taken for it. No secret. */
  readonly place: string;

  /**
   * Starts a blob, or continues a partial one.
   * @param offset what `durableLength` said; 0 for a new one
   * @throws BlobOffsetError (with the right offset), BlobBusyError, BlobFinishedError, BlobStoreFullError; like every
   *   call here, BlobStoreAwayError where the store is not on this machine
   */
  append(id: BlobId, offset: number): Promise<BlobWriter>;

  /**
   * Bytes of a partial blob that need not be written again, always on a border of the grain; 0 when there is none.
   * @throws BlobFinishedError when there is nothing to add
   */
  durableLength(id: BlobId): Promise<number>;

  /** Bytes of a finished blob. @throws BlobNotFoundError */
  size(id: BlobId): Promise<number>;

  /**
   * Bytes `from` up to but without `to` (the end by default) of a finished blob; consume or destroy the stream. If
   * the blob is deleted meanwhile, the stream goes on to its end or fails: it never ends early as if that were all.
   * @throws BlobNotFoundError; RangeError unless 0 <= from <= to <= size
   */
  read(id: BlobId, from?: number, to?: number): Promise<Readable>;

  /**
   * Removes the blob, finished or partial. Open streams see `read`.
   * @returns whether there was one @throws BlobBusyError while it is written: abort the writer instead
   */
  delete(id: BlobId): Promise<boolean>;

  /** Every blob, one at a time; what comes or goes meanwhile may be missing. */
  list(): AsyncIterable<BlobEntry>;

  /** Bytes of all blobs, partial ones included. May lag behind other processes. */
  usedBytes(): Promise<number>;
}

/**
 * One writer of one blob. Calls are done in the order in which they came; after `finish`, `suspend`, `abort` or an error
 * every call but `abort` fails. After BlobStoreAwayError the partial blob is there up to its durable length; after
 * BlobStoreFullError nothing is left.
 */
export interface BlobWriter {
  /** Bytes of the blob with those that were handed over here. */
  readonly length: number;

  /** Resolves when the store can take more. The bytes may be used again then. @throws BlobStoreFullError */
  write(bytes: Uint8Array): Promise<void>;

  /** Makes durable what can be. @returns what `durableLength` is from now on at least, whatever crashes */
  sync(): Promise<number>;

  /** Makes the blob durable, whole and readable, in one step: before it is partial, after it is finished. */
  finish(): Promise<void>;

  /** Leaves a partial blob that can be continued. @returns its durable length: the last border of the grain */
  suspend(): Promise<number>;

  /** Leaves nothing. Does nothing once the writer has ended. */
  abort(): Promise<void>;
}

/** 32 lower-case hex digits, so that no name means anything to a file system. */
export type BlobId = string;

const BLOB_ID = /^[0-9a-f]{32}$/;

/** @throws TypeError: ids are made by us, so a wrong one is a bug on our side */
export function requireBlobId(id: unknown): asserts id is BlobId {
  if (typeof id !== 'string' || !BLOB_ID.test(id))
    throw new TypeError('a blob id is 32 lower-case hex digits');
}

export interface BlobEntry {
  readonly id: BlobId;
  /** Bytes stored; for a partial blob what the store knows of it. */
  readonly size: number;
  readonly partial: boolean;
  /** Milliseconds since the epoch. Last write, or for a partial blob perhaps its beginning: age alone is no proof. */
  readonly modifiedAt: number;
}

/**
 * Where a partial blob may end: after `head` bytes and any number of `unit`s. A store is made for one grain, because S3
 * must choose its parts so that a writer can go on behind each of them.
 */
export interface BlobGrain {
  readonly head: number;
  readonly unit: number;
}

/** @returns the last border of the grain at or before `length` */
export function grainFloor({ head, unit }: BlobGrain, length: number): number {
  return length < head ? 0 : length - ((length - head) % unit);
}

export const BLOB_STORE = Symbol('BlobStore');
