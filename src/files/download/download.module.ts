import { Module } from '@nestjs/common';

import { AuditModule } from '../../audit/audit.module.js';
import { PayloadPlace } from '../../secrets/claim/payload-place.js';
import { SecretsModule } from '../../secrets/secrets.module.js';
import { BlobStoreBindingModule } from '../store/binding/blob-store-binding.module.js';
import { RedisBlobStoreBinding } from '../store/binding/redis-blob-store-binding.js';
import { filesElsewhere } from '../files.errors.js';
import { BlobModule } from '../store/blob.module.js';
import { BlobRemoval } from './blob-removal.js';
import { FilesDownloadController } from './files-download.controller.js';
import { ReadFilesStatus } from './read-files-status.js';
import { OpenFiles } from './open-files.js';
import { RenewLease } from './renew-lease.js';

/** Downloads of files. */
@Module({
  imports: [SecretsModule, AuditModule, BlobModule, BlobStoreBindingModule],
  controllers: [FilesDownloadController],
  providers: [ReadFilesStatus, OpenFiles, RenewLease, BlobRemoval],
})
export class DownloadModule {
  constructor(payloads: PayloadPlace, binding: RedisBlobStoreBinding) {
    payloads.use({
      get isElsewhere() {
        return binding.isElsewhere;
      },
      refusal: filesElsewhere,
    });
  }
}
