import { Module } from '@nestjs/common';

import { AuditModule } from '../../audit/audit.module.js';
import { SecretsModule } from '../../secrets/secrets.module.js';
import { BlobStoreBindingModule } from '../blob-store-binding.module.js';
import { BlobModule } from '../store/blob.module.js';
import { BlobRemoval } from './blob-removal.js';
import { FilesDownloadController } from './files-download.controller.js';
import { LookAtFiles } from './look-at-files.js';
import { OpenFiles } from './open-files.js';
import { RenewLease } from './renew-lease.js';

/** Downloads of files. */
@Module({
  imports: [SecretsModule, AuditModule, BlobModule, BlobStoreBindingModule],
  controllers: [FilesDownloadController],
  providers: [LookAtFiles, OpenFiles, RenewLease, BlobRemoval],
})
export class DownloadModule {}
