import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { CLOCK } from '../common/clock.js';
import { ID_GENERATOR, randomIds } from '../common/id-generator.js';
import {
  auditConfig,
  filesConfig,
  secretsConfig,
  type AuditConfig,
  type FilesConfig,
  type SecretsConfig,
} from '../config/app.config.js';
import { configuredCrypto } from '../crypto/configured-crypto.module.js';
import { KeyringHolder } from '../crypto/keyring.holder.js';
import { DiskModule } from '../disk/disk.module.js';
import { BUCKETS } from '../redis/redis-keys.js';
import { RedisClock } from '../redis/redis-clock.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { StoreMemory } from '../redis/store-memory.js';
import { RotationModule } from '../rotation/rotation.module.js';
import { DeliberateActGuard } from './deliberate-act.guard.js';
import { SecretCredentials } from './secret-credentials.js';
import { OpenView } from './open-view.js';
import { CredentialCheck } from './credential-check.js';
import { CreationPolicy } from './creation-policy.js';
import { PayloadPlace } from './payload-place.js';
import { PolicyController } from './policy.controller.js';
import { RecipientCheck } from './recipient-check.js';
import { ReceiptsController } from './receipts.controller.js';
import { RedisSecretStore } from './redis-secret.store.js';
import { RefusalMapper } from './refusal-mapper.js';
import { SecretEnds } from './secret-ends.js';
import { SECRET_STORE } from './secret-store.port.js';
import { SecretsController } from './secrets.controller.js';
import { STORE_ROOM } from './store-room.port.js';
import { AcknowledgeSecret } from './use-cases/acknowledge-secret.js';
import { BurnSecret } from './use-cases/burn-secret.js';
import { CreateSecret } from './use-cases/create-secret.js';
import { ReadStatus } from './use-cases/read-status.js';
import { ReadReceipt } from './use-cases/read-receipt.js';
import { RevealSecret } from './use-cases/reveal-secret.js';
import { UnlockSecret } from './use-cases/unlock-secret.js';
import { RequestContexts } from './request-context.js';

@Module({
  imports: [RedisModule, AuditModule, RotationModule, DiskModule, configuredCrypto],
  controllers: [SecretsController, ReceiptsController, PolicyController],
  providers: [
    { provide: CLOCK, useExisting: RedisClock },
    { provide: STORE_ROOM, useExisting: StoreMemory },
    { provide: ID_GENERATOR, useValue: randomIds },
    {
      provide: SECRET_STORE,
      inject: [RedisService, secretsConfig.KEY, filesConfig.KEY, KeyringHolder, auditConfig.KEY],
      useFactory: (
        redis: RedisService,
        config: SecretsConfig,
        files: FilesConfig,
        keys: KeyringHolder,
        audit: AuditConfig,
      ) => new RedisSecretStore(redis, config, files, keys, Math.ceil(audit.outboxMax / BUCKETS)),
    },
    DeliberateActGuard,
    SecretCredentials,
    CreationPolicy,
    RecipientCheck,
    RequestContexts,
    CredentialCheck,
    RefusalMapper,
    CreateSecret,
    OpenView,
    PayloadPlace,
    SecretEnds,
    RevealSecret,
    AcknowledgeSecret,
    BurnSecret,
    ReadStatus,
    ReadReceipt,
    UnlockSecret,
  ],
  exports: [
    SECRET_STORE,
    CreateSecret,
    CreationPolicy,
    OpenView,
    PayloadPlace,
    SecretEnds,
    CredentialCheck,
    RecipientCheck,
    RefusalMapper,
    RequestContexts,
    BurnSecret,
    UnlockSecret,
  ],
})
export class SecretsModule {}
