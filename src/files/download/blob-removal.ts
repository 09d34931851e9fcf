import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { SecretEnds } from '../../secrets/record/secret-ends.js';
import { BLOB_STORE, type BlobStore } from '../store/blob-store.port.js';

/** Deletes a blob as soon as its secret has ended in this process. The sweeper finds what is missed. */
@Injectable()
export class BlobRemoval implements OnModuleInit {
  private readonly logger = new Logger(BlobRemoval.name);

  constructor(
    private readonly ends: SecretEnds,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  onModuleInit(): void {
    this.ends.subscribe((ref) => {
      const id = ref.toString('hex');
      this.blobs.delete(id).catch((error: unknown) => {
        this.logger.warn({ ref: id, err: error }, 'a blob could not be deleted: the sweeper retries');
      });
    });
  }
}
