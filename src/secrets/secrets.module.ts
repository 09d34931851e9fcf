import { Module, type OnModuleInit } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { CLOCK, systemClock } from '../common/clock.js';
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
import { keyFingerprints } from '../crypto/key-check.js';
import { Keyring } from '../crypto/keyring.js';
import { BUCKETS } from '../redis/redis-keys.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { DeliberateActGuard } from './deliberate-act.guard.js';
import { GuardKeys } from './guard-keys.js';
import { OpenView } from './open-view.js';
import { OpeningOffer } from './opening-offer.js';
import { PolicyController } from './policy.controller.js';
import { ReceiptsController } from './receipts.controller.js';
import { RedisSecretStore } from './redis-secret.store.js';
import { RefusalReport } from './refusal-report.js';
import { SecretEnds } from './secret-ends.js';
import { SECRET_STORE } from './secret-store.port.js';
import { SecretsController } from './secrets.controller.js';
import { AcknowledgeSecret } from './use-cases/acknowledge-secret.js';
import { BurnSecret } from './use-cases/burn-secret.js';
import { CreateSecret } from './use-cases/create-secret.js';
import { LookAtSecret } from './use-cases/look-at-secret.js';
import { ReadReceipt } from './use-cases/read-receipt.js';
import { RevealSecret } from './use-cases/reveal-secret.js';

@Module({
  imports: [RedisModule, AuditModule, configuredCrypto],
  controllers: [SecretsController, ReceiptsController, PolicyController],
  providers: [
    { provide: CLOCK, useValue: systemClock },
    { provide: ID_GENERATOR, useValue: randomIds },
    {
      provide: SECRET_STORE,
      inject: [RedisService, secretsConfig.KEY, filesConfig.KEY, Keyring, auditConfig.KEY],
      useFactory: (
        redis: RedisService,
        config: SecretsConfig,
        files: FilesConfig,
        keyring: Keyring,
        audit: AuditConfig,
      ) => new RedisSecretStore(redis, config, files, keyring.ids, Math.ceil(audit.outboxMax / BUCKETS)),
    },
    DeliberateActGuard,
    GuardKeys,
    OpeningOffer,
    RefusalReport,
    CreateSecret,
    OpenView,
    SecretEnds,
    RevealSecret,
    AcknowledgeSecret,
    BurnSecret,
    LookAtSecret,
    ReadReceipt,
  ],
  exports: [SECRET_STORE, CreateSecret, OpenView, SecretEnds, OpeningOffer, RefusalReport],
})
export class SecretsModule implements OnModuleInit {
  constructor(
    private readonly redis: RedisService,
    private readonly keyring: Keyring,
  ) {}

  /** Before the first request: keys that cannot open what is stored must stop the start, not burn a secret. */
  onModuleInit(): Promise<void> {
    return this.redis.bindKeys(keyFingerprints(this.keyring));
  }
}
