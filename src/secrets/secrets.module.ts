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
} from '../platform/config/sections/app.config.js';
import { configuredCrypto } from '../crypto/configured-crypto.module.js';
import { KeyringHolder } from '../crypto/keyring/keyring.holder.js';
import { DiskModule } from '../platform/disk/disk.module.js';
import { BUCKETS } from '../redis/redis-keys.js';
import { RedisClock } from '../redis/clock/redis-clock.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { RotationModule } from '../rotation/rotation.module.js';
import { DeliberateActGuard } from './credentials/deliberate-act.guard.js';
import { SecretCredentials } from './credentials/secret-credentials.js';
import { ConsumeView } from './claim/consume-view.js';
import { CredentialCheck } from './credentials/credential-check.js';
import { CreationPolicy } from './create/creation-policy.js';
import { PayloadPlace } from './claim/payload-place.js';
import { PolicyController } from './create/policy.controller.js';
import { RecipientCheck } from './recipients/recipient-check.js';
import { ReceiptsController } from './receipt/receipts.controller.js';
import { RedisSecretStore } from './record/redis-secret.store.js';
import { RefusalMapper } from './record/refusal-mapper.js';
import { SecretEnds } from './record/secret-ends.js';
import { SecretsController } from './secrets.controller.js';
import { AcknowledgeSecret } from './acknowledge/acknowledge-secret.js';
import { BurnSecret } from './burn/burn-secret.js';
import { CreateSecret } from './create/create-secret.js';
import { ReadStatus } from './status/read-status.js';
import { ReadReceipt } from './receipt/read-receipt.js';
import { RevealSecret } from './claim/reveal-secret.js';
import { UnlockSecret } from './unlock/unlock-secret.js';
import { RequestContexts } from './request-context.js';

@Module({
  imports: [RedisModule, AuditModule, RotationModule, DiskModule, configuredCrypto],
  controllers: [SecretsController, ReceiptsController, PolicyController],
  providers: [
    { provide: CLOCK, useExisting: RedisClock },
    { provide: ID_GENERATOR, useValue: randomIds },
    {
      provide: RedisSecretStore,
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
    ConsumeView,
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
    RedisSecretStore,
    CreateSecret,
    CreationPolicy,
    ConsumeView,
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
