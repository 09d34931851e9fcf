import { Module } from '@nestjs/common';

import { RedisModule } from '../../../redis/redis.module.js';
import { RedisService } from '../../../redis/redis.service.js';
import { FILES_HERE } from './blob-store-binding.port.js';
import { RedisBlobStoreBinding } from './redis-blob-store-binding.js';
import { BLOB_STORE, type BlobStore } from '../blob-store.port.js';
import { BlobModule } from '../blob.module.js';

@Module({
  imports: [RedisModule, BlobModule],
  providers: [
    {
      provide: FILES_HERE,
      inject: [RedisService, BLOB_STORE],
      useFactory: (redis: RedisService, blobs: BlobStore) => new RedisBlobStoreBinding(redis, blobs),
    },
  ],
  exports: [FILES_HERE],
})
export class BlobStoreBindingModule {}
