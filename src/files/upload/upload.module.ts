import { Module } from '@nestjs/common';

import { AuditModule } from '../../audit/audit.module.js';
import { CLOCK } from '../../common/clock.js';
import { ID_GENERATOR, randomIds } from '../../common/id-generator.js';
import { filesConfig, type FilesConfig } from '../../platform/config/sections/app.config.js';
import { configuredCrypto } from '../../crypto/configured-crypto.module.js';
import { KeyringHolder } from '../../crypto/keyring/keyring.holder.js';
import { RANDOM_SOURCE, systemRandom } from '../../crypto/random-source.port.js';
import { DiskModule } from '../../platform/disk/disk.module.js';
import { ClientHashes } from '../../rate-limit/client-hashes.js';
import { RedisClock } from '../../redis/clock/redis-clock.js';
import { RedisModule } from '../../redis/redis.module.js';
import { RedisService } from '../../redis/redis.service.js';
import { SecretsModule } from '../../secrets/secrets.module.js';
import { BlobStoreBindingModule } from '../store/binding/blob-store-binding.module.js';
import { BlobModule } from '../store/blob.module.js';
import { CompleteUpload } from './complete-upload.js';
import { FilesController } from './files.controller.js';
import { ReceiveForm } from './form/receive-form.js';
import { ReceivePiece } from './tus/receive-piece.js';
import { RedisUploadLock } from './lock/redis-upload-lock.js';
import { RedisUploadRecords } from './record/redis-upload-records.js';
import { UploadShares } from './quota/redis-upload-shares.js';
import { StorageQuota } from './quota/storage-quota.js';
import { TusController } from './tus/tus.controller.js';
import { noLock, UPLOAD_LOCK, type UploadLock } from './lock/upload-lock.port.js';
import { UploadPlaces } from './quota/upload-places.js';
import { UploadMutex } from './lock/upload-mutex.js';
import { Uploads } from './uploads.js';

/** Uploads of files. */
@Module({
  imports: [
    RedisModule,
    SecretsModule,
    AuditModule,
    BlobModule,
    BlobStoreBindingModule,
    DiskModule,
    configuredCrypto,
  ],
  controllers: [TusController, FilesController],
  providers: [
    { provide: CLOCK, useExisting: RedisClock },
    { provide: ID_GENERATOR, useValue: randomIds },
    { provide: RANDOM_SOURCE, useValue: systemRandom },
    {
      provide: RedisUploadRecords,
      inject: [RedisService],
      useFactory: (redis: RedisService) => new RedisUploadRecords(redis),
    },
    {
      provide: UPLOAD_LOCK,
      inject: [filesConfig.KEY, RedisService],
      // This process does not share its disk.
      useFactory: ({ store }: FilesConfig, redis: RedisService): UploadLock =>
        store === 's3' ? new RedisUploadLock(redis, systemRandom) : noLock,
    },
    {
      provide: UploadShares,
      inject: [RedisService, KeyringHolder, filesConfig.KEY],
      useFactory: (redis: RedisService, keys: KeyringHolder, config: FilesConfig) =>
        new UploadShares(redis, new ClientHashes(keys), config),
    },
    StorageQuota,
    UploadPlaces,
    UploadMutex,
    Uploads,
    ReceivePiece,
    ReceiveForm,
    CompleteUpload,
  ],
})
export class UploadModule {}
