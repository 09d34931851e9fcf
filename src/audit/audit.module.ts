import { Logger, Module } from '@nestjs/common';

import { CLOCK } from '../common/clock.js';
import {
  auditConfig,
  redisConfig,
  secretsConfig,
  serverConfig,
  tracingConfig,
  type AuditConfig,
  type RedisConfig,
  type SecretsConfig,
  type ServerConfig,
  type TracingConfig,
} from '../platform/config/sections/app.config.js';
import { configuredCrypto } from '../crypto/configured-crypto.module.js';
import { KeyringHolder } from '../crypto/keyring/keyring.holder.js';
import { DatabaseModule } from '../database/database.module.js';
import { DatabaseThread } from '../database/thread/database-thread.js';
import { MetricsService } from '../platform/metrics/metrics.service.js';
import { RedisClock } from '../redis/clock/redis-clock.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { RotationModule } from '../rotation/rotation.module.js';
import { AuditContext } from './events/audit-context.js';
import { AuditRelay } from './relay/audit-relay.js';
import { AuditStatus } from './relay/audit-status.js';
import { AuditSubscribers } from './subscriber/audit-subscribers.js';
import { RedisPositionCheck } from './position/redis-position-check.js';
import { RedisAuditCheckpoints } from './verify/redis-audit-checkpoints.js';
import { TimelineRepository } from './events/timeline.repository.js';
import { VerifyInThread } from './verify/verify-in-thread.js';

function positionCheck(redis: RedisService, status: AuditStatus): RedisPositionCheck {
  const logger = new Logger(RedisPositionCheck.name);
  return new RedisPositionCheck({
    redis,
    onChange: () => status.hearPosition(redis.position),
    log: (level, message, fields) => {
      if (level === 'info') logger.log({ ...fields }, message);
      else logger[level]({ ...fields }, message);
    },
  });
}

/**
 * The audit trail: a thread moves events from Redis into the database; this module exports what other
 * features use.
 */
@Module({
  imports: [RedisModule, DatabaseModule, RotationModule, configuredCrypto],
  providers: [
    AuditContext,
    AuditSubscribers,
    TimelineRepository,
    { provide: CLOCK, useExisting: RedisClock },
    {
      provide: RedisAuditCheckpoints,
      inject: [RedisService],
      useFactory: (redis: RedisService) => new RedisAuditCheckpoints(redis),
    },
    VerifyInThread,
    {
      provide: AuditStatus,
      inject: [MetricsService, auditConfig.KEY],
      useFactory: (metrics: MetricsService, config: AuditConfig) =>
        new AuditStatus(metrics, config.outboxMax),
    },
    {
      provide: AuditRelay,
      inject: [
        DatabaseThread,
        RedisService,
        KeyringHolder,
        AuditStatus,
        AuditSubscribers,
        auditConfig.KEY,
        secretsConfig.KEY,
        serverConfig.KEY,
        tracingConfig.KEY,
        redisConfig.KEY,
      ],
      useFactory: (
        thread: DatabaseThread,
        redis: RedisService,
        keys: KeyringHolder,
        status: AuditStatus,
        subscribers: AuditSubscribers,
        audit: AuditConfig,
        secrets: SecretsConfig,
        server: ServerConfig,
        tracing: TracingConfig,
        store: RedisConfig,
      ) =>
        new AuditRelay(thread, status, positionCheck(redis, status), {
          production: server.nodeEnv === 'production',
          keys,
          subscribers,
          settings: {
            redis: redis.target,
            outboxMax: audit.outboxMax,
            retentionDays: audit.retentionDays,
            tombstoneMs: secrets.tombstoneTtlSeconds * 1000,
            reconcile: store.reconcile,
            burnQuorum: store.burnQuorum,
            tracing,
          },
        }),
    },
  ],
  exports: [AuditContext, AuditStatus, AuditSubscribers, TimelineRepository, VerifyInThread],
})
export class AuditModule {}
