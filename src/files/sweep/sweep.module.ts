import { Module } from '@nestjs/common';

import { DiskModule } from '../../platform/disk/disk.module.js';
import { RedisModule } from '../../redis/redis.module.js';
import { RedisService } from '../../redis/redis.service.js';
import { SecretsModule } from '../../secrets/secrets.module.js';
import { BlobStoreBindingModule } from '../store/binding/blob-store-binding.module.js';
import { BlobModule } from '../store/blob.module.js';
import { BLOB_OWNERS } from './blob-owners.port.js';
import { RedisBlobOwners } from './redis-blob-owners.js';
import { Sweeper } from './sweeper.js';

/** Removes blobs without an owner. */
@Module({
  imports: [RedisModule, SecretsModule, BlobModule, BlobStoreBindingModule, DiskModule],
  providers: [
    {
      provide: BLOB_OWNERS,
      inject: [RedisService],
      useFactory: (redis: RedisService) => new RedisBlobOwners(redis),
    },
    Sweeper,
  ],
})
export class SweepModule {}
