import { Logger } from '@nestjs/common';

import { passedThrough } from '../../common/short-lived-buffers.js';
import { storageFull, storeUnavailable } from '../../common/store.errors.js';
import { ChunkEncryptor } from '../../crypto/chunk-encryptor.js';
import { CHUNK_BYTES, wholeChunks, type ChunkAccess } from '../../crypto/chunk-format.js';
import type { RandomSource } from '../../crypto/random-source.port.js';
import { BlobStoreAwayError, BlobStoreFullError } from '../store/blob-store.errors.js';
import type { BlobId, BlobStore, BlobWriter } from '../store/blob-store.port.js';
import type { StorageQuota } from './storage-quota.js';

export interface PayloadTarget {
  readonly blobId: BlobId;
  readonly access: ChunkAccess;
  /** 22 bytes */
  readonly header: Buffer;
  /** Stored bytes of the partial blob: what its `durableLength` says. */
  readonly durable: number;
}

export interface PayloadStores {
  readonly blobs: BlobStore;
  readonly quota: StorageQuota;
  readonly random: RandomSource;
}

const logger = new Logger('PayloadWriter');

/** @returns what a client is told of a failure of the store, or the error itself */
export function storeProblem(error: unknown): unknown {
  if (error instanceof BlobStoreFullError) return storageFull('The disk is full.');
  if (!(error instanceof BlobStoreAwayError)) return error;
  logger.warn({ reason: error.reason }, 'the store of files takes nothing');
  return storeUnavailable('Files cannot be stored at the moment. Try again later.');
}

/**
 * Seals a payload chunk by chunk into its blob while it arrives. It holds two chunks: one that fills, and one that the
 * store is writing. One call at a time; after `finish`, `suspend` or `abort` none.
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

  /** Bytes of the payload that have been handed over, here or before. */
  get offset(): number {
    return this.received;
  }

  /** A chunk may be sealed that is not stored: nothing can follow it, and only `suspend` or `abort` is left. */
  get broken(): boolean {
    return this.failed;
  }

  /** Resolves when more can be taken; `bytes` may be used again then. @throws ProblemError storage_full, store_unavailable */
  async write(bytes: Uint8Array): Promise<void> {
    for (const chunk of this.encryptor.update(bytes)) await this.put(chunk);
    this.received += bytes.length;
    passedThrough(bytes.length);
  }

  /** The payload is whole. @throws as `write` */
  async finish(): Promise<void> {
    await this.put(this.encryptor.final());
    await this.stored(() => this.writer.finish());
  }

  /**
   * Keeps what is whole, to be continued. Only while more bytes are due.
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

  /** Leaves nothing. Does nothing after a failure of the store, which left nothing either. */
  async abort(): Promise<void> {
    this.encryptor.dispose();
    // Its failure has been told, or is of no interest any more.
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
    // Whoever comes next is told.
    this.storing.catch(() => undefined);
  }

  /** Once everything so far is written. */
  private async stored(next: () => Promise<unknown>): Promise<void> {
    try {
      // What failed stays so: the store may be well again, and still lack a chunk.
      await this.storing;
      await next();
    } catch (error) {
      this.failed = true;
      throw storeProblem(error);
    }
  }
}
