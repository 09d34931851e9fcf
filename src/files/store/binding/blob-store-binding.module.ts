import { Module } from '@nestjs/common';

import { RedisModule } from '../../../redis/redis.module.js';
import { RedisService } from '../../../redis/redis.service.js';
import { RedisBlobStoreBinding } from './redis-blob-store-binding.js';
import { BLOB_STORE, type BlobStore } from '../blob-store.port.js';
import { BlobModule } from '../blob.module.js';

@Module({
  imports: [RedisModule, BlobModule],
  providers: [
    {
      provide: RedisBlobStoreBinding,
      inject: [RedisService, BLOB_STORE],
      useFactory: (redis: RedisService, blobs: BlobStore) => new RedisBlobStoreBinding(redis, blobs),
    },
  ],
  exports: [RedisBlobStoreBinding],
})
export class BlobStoreBindingModule {}
