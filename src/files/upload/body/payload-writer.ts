import { Logger } from '@nestjs/common';

import { passedThrough } from './short-lived-buffers.js';
import { storageFull, storeUnavailable } from '../../../platform/http/problem/store.errors.js';
import { ChunkEncryptor } from '../../../crypto/chunks/chunk-encryptor.js';
import { CHUNK_BYTES, wholeChunks, type ChunkAccess } from '../../../crypto/chunks/chunk-format.js';
import type { RandomSource } from '../../../crypto/random-source.port.js';
import { BlobStoreAwayError, BlobStoreFullError } from '../../store/blob-store.errors.js';
import type { BlobId, BlobStore, BlobWriter } from '../../store/blob-store.port.js';
import type { StorageQuota } from '../quota/storage-quota.js';

export interface PayloadTarget {
  readonly blobId: BlobId;
  readonly access: ChunkAccess;
  /** 22 bytes */
  readonly header: Buffer;
  /** Stored bytes of the partial blob: its `durableLength`. */
  readonly durable: number;
}

export interface PayloadStores {
  readonly blobs: BlobStore;
  readonly quota: StorageQuota;
  readonly random: RandomSource;
}

const logger = new Logger('PayloadWriter');

/** @returns the problem to answer for a failure of the store, or the error itself */
export function storeProblem(error: unknown): unknown {
  if (error instanceof BlobStoreFullError) return storageFull('The disk is full.');
  if (!(error instanceof BlobStoreAwayError)) return error;
  logger.warn({ reason: error.reason }, 'the blob store accepts nothing');
  return storeUnavailable('Files cannot be stored at the moment. Try again later.');
}

/**
 * Seals a payload chunk by chunk into its blob while it arrives. Holds two chunks: one that fills, and one
 * that the store writes. One call at a time; none after `finish`, `suspend` or `abort`.
 */
export class PayloadWriter {
  private storing: Promise<void> = Promise.resolve();
  private headerStored: boolean;
  private received: number;
  private failed = false;

  private constructor(
    private readonly quota: StorageQuota,
    private readonly writer: BlobWriter,
    private readonly encryptor: ChunkEncryptor,
  ) {
    this.headerStored = encryptor.headerStored;
    this.received = encryptor.index * CHUNK_BYTES;
  }

  /** @throws ProblemError storage_full, store_unavailable; BlobBusyError, BlobFinishedError, BlobOffsetError */
  static async open({ blobs, quota, random }: PayloadStores, target: PayloadTarget): Promise<PayloadWriter> {
    const { blobId, access, header, durable } = target;
    const encryptor = ChunkEncryptor.resume(random, access, header, durable);
    try {
      return new PayloadWriter(quota, await blobs.append(blobId, durable), encryptor);
    } catch (error) {
      encryptor.dispose();
      throw storeProblem(error);
    }
  }

  /** Bytes of the payload handed over, here or before. */
  get offset(): number {
    return this.received;
  }

  /** A sealed chunk may not be stored: nothing can follow it, and only `suspend` or `abort` is left. */
  get broken(): boolean {
    return this.failed;
  }

  /**
   * Resolves when it can take more; `bytes` may be reused then. @throws ProblemError storage_full,
   * store_unavailable
   */
  async write(bytes: Uint8Array): Promise<void> {
    for (const chunk of this.encryptor.update(bytes)) await this.put(chunk);
    this.received += bytes.length;
    passedThrough(bytes.length);
  }

  /** Ends a complete payload. @throws as `write` */
  async finish(): Promise<void> {
    await this.put(this.encryptor.final());
    await this.stored(() => this.writer.finish());
  }

  /**
   * Keeps whole chunks, to be continued. Only while more bytes are expected.
   * @returns the offset at which to continue @throws as `write`
   */
  async suspend(): Promise<number> {
    if (this.failed) this.encryptor.dispose();
    const last = this.failed ? undefined : this.encryptor.suspend();
    if (last) await this.put(last);
    let stored = 0;
    await this.stored(async () => (stored = await this.writer.suspend()));
    return wholeChunks(stored) * CHUNK_BYTES;
  }

  /** Removes everything. Does nothing after a failure of the store, which left nothing either. */
  async abort(): Promise<void> {
    this.encryptor.dispose();
    // Its failure was reported, or is irrelevant by now.
    await this.storing.catch(() => undefined);
    await this.writer.abort();
  }

  private async put(chunk: Buffer): Promise<void> {
    if (!this.headerStored) {
      this.headerStored = true;
      await this.putBytes(this.encryptor.header);
    }
    await this.putBytes(chunk);
  }

  /** Returns while the store still writes, so that the next chunk is sealed meanwhile. */
  private async putBytes(bytes: Buffer): Promise<void> {
    await this.stored(() => this.quota.take(bytes.length));
    this.storing = this.writer.write(bytes).finally(() => this.quota.give(bytes.length));
    // The next caller gets the error.
    this.storing.catch(() => undefined);
  }

  /** After all previous writes. */
  private async stored(next: () => Promise<unknown>): Promise<void> {
    try {
      // A failure is final: the store may work again, and still lack a chunk.
      await this.storing;
      await next();
    } catch (error) {
      this.failed = true;
      throw storeProblem(error);
    }
  }
}
