import { Module } from '@nestjs/common';

import { UploadModule } from './upload/upload.module.js';

/** Files: in, out, and the sweeping of what belongs to nobody. */
@Module({ imports: [UploadModule] })
export class FilesModule {}
