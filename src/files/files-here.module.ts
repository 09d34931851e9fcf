import { Module } from '@nestjs/common';

import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { FILES_HERE } from './files-here.port.js';
import { RedisFilesHere } from './redis-files-here.js';
import { BLOB_STORE, type BlobStore } from './store/blob-store.port.js';
import { BlobModule } from './store/blob.module.js';

@Module({
  imports: [RedisModule, BlobModule],
  providers: [
    {
      provide: FILES_HERE,
      inject: [RedisService, BLOB_STORE],
      useFactory: (redis: RedisService, blobs: BlobStore) => new RedisFilesHere(redis, blobs),
    },
  ],
  exports: [FILES_HERE],
})
export class FilesHereModule {}
