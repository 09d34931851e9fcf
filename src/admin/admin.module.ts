import { Module } from '@nestjs/common';

import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { CLOCK } from '../common/clock.js';
import { configuredCrypto } from '../crypto/configured-crypto.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { BlobModule } from '../files/store/blob.module.js';
import { RedisClock } from '../redis/clock/redis-clock.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { StatsModule } from '../stats/stats.module.js';
import { SessionList } from './access/session-list.js';
import { AdminSessionsController } from './access/sessions.controller.js';
import { AdminTokensController } from './access/tokens.controller.js';
import { AdminActs } from './admin-acts.js';
import { AuditSearchRepository } from './audit/audit-search.repository.js';
import { AuditController } from './audit/audit.controller.js';
import { ExportAudit } from './audit/export-audit.js';
import { ReadFilter } from './audit/read-filter.js';
import { SearchAudit } from './audit/search-audit.js';
import { SendExport } from './audit/send-export.js';
import { OverviewController } from './overview/overview.controller.js';
import { ReadOverview } from './overview/read-overview.js';
import { ListLiveSecrets } from './secrets/list-live-secrets.js';
import { LiveSecretsRepository } from './secrets/live-secrets.repository.js';
import { AdminSecretsController } from './secrets/secrets.controller.js';
import { ReadSystem } from './system/read-system.js';
import { RedisStoreInfo } from './system/redis-store-info.js';
import { STORE_INFO } from './system/store-facts.port.js';
import { SystemController } from './system/system.controller.js';

/** Routes of administrators. */
@Module({
  imports: [
    AuthModule,
    SecretsModule,
    AuditModule,
    StatsModule,
    DatabaseModule,
    RedisModule,
    BlobModule,
    configuredCrypto,
  ],
  controllers: [
    OverviewController,
    AdminSecretsController,
    AuditController,
    SystemController,
    AdminTokensController,
    AdminSessionsController,
  ],
  providers: [
    { provide: CLOCK, useExisting: RedisClock },
    AdminActs,
    ReadOverview,
    LiveSecretsRepository,
    ListLiveSecrets,
    AuditSearchRepository,
    ReadFilter,
    SearchAudit,
    ExportAudit,
    SendExport,
    ReadSystem,
    {
      provide: STORE_INFO,
      inject: [RedisService],
      useFactory: (redis: RedisService) => new RedisStoreInfo(redis),
    },
    SessionList,
  ],
})
export class AdminModule {}
