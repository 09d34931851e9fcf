import { Module } from '@nestjs/common';

import { DownloadModule } from './download/download.module.js';
import { SweepModule } from './sweep/sweep.module.js';
import { UploadModule } from './upload/upload.module.js';

/** Files: uploads, downloads, and the sweeping of orphaned blobs. */
@Module({ imports: [UploadModule, DownloadModule, SweepModule] })
export class FilesModule {}
