import { Inject, Injectable } from '@nestjs/common';

import { storageFull } from '../../../platform/http/problem/store.errors.js';
import { filesConfig, type FilesConfig } from '../../../platform/config/sections/app.config.js';
import { DiskReserve } from '../../../platform/disk/disk-reserve.js';
import { BLOB_STORE, type BlobStore } from '../../store/blob-store.port.js';

/**
 * Keeps all stored files together below FILE_QUOTA_BYTES, including those that are arriving. Exact for one
 * process; the bytes of others count as soon as the store's sum includes them.
 */
@Injectable()
export class StorageQuota {
  /** Reserved by writers of this process, and not written yet. */
  private promised = 0;

  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(filesConfig.KEY) private readonly config: FilesConfig,
    private readonly disk: DiskReserve,
  ) {}

  /** Checks whether the bytes fit now, without a reservation. @throws ProblemError storage_full */
  async requireRoom(bytes: number): Promise<void> {
    await this.disk.requireForFiles(0);
    if (this.promised + bytes + (await this.blobs.usedBytes()) > this.config.quotaBytes) throw quotaFull();
  }

  /**
   * Reserves bytes; the caller gives back what is written or not needed. @throws ProblemError storage_full
   */
  async take(bytes: number): Promise<void> {
    this.promised += bytes;
    try {
      await this.requireRoom(0);
      await this.disk.requireForFiles(bytes);
    } catch (error) {
      this.promised -= bytes;
      throw error;
    }
  }

  /** Gives back bytes that are written, and counted by the store, or that will not be written. */
  give(bytes: number): void {
    this.promised -= bytes;
  }
}

const quotaFull = () => storageFull('All files together have reached their limit (FILE_QUOTA_BYTES).');
