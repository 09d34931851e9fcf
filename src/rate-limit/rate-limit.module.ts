import { RATE_LIMIT_KINDS } from '@burnbag/contract';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { ThrottlerModule, ThrottlerStorage, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { getOptionsToken } from '@nestjs/throttler';

import {
  filesConfig,
  rateLimitConfig,
  secretsConfig,
  type FilesConfig,
  type RateLimitConfig,
  type SecretsConfig,
} from '../platform/config/sections/app.config.js';
import { configuredCrypto } from '../crypto/configured-crypto.module.js';
import { KeyringHolder } from '../crypto/keyring/keyring.holder.js';
import { MetricsService } from '../platform/metrics/metrics.service.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { ClientHashes } from './client-hashes.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RedisHitCounter, type ClaimLimit } from './redis-hit-counter.js';

/** Window of a claim in seconds: for a short lease a third of it, so that a retry fits in. */
const CLAIM_WINDOW_MS = 10_000;

function claimLimit(limits: RateLimitConfig, secrets: SecretsConfig, files: FilesConfig): ClaimLimit {
  const leaseMs = Math.min(secrets.claimLeaseSeconds, files.leaseSeconds) * 1000;
  return { limit: limits.claim, windowMs: Math.min(CLAIM_WINDOW_MS, Math.floor(leaseMs / 3)) };
}

@Module({
  imports: [RedisModule, configuredCrypto],
  providers: [
    {
      provide: RedisHitCounter,
      inject: [RedisService, rateLimitConfig.KEY, secretsConfig.KEY, filesConfig.KEY],
      useFactory: (
        redis: RedisService,
        limits: RateLimitConfig,
        secrets: SecretsConfig,
        files: FilesConfig,
      ): RedisHitCounter => new RedisHitCounter(redis, claimLimit(limits, secrets, files)),
    },
    {
      provide: ClientHashes,
      inject: [KeyringHolder],
      useFactory: (keys: KeyringHolder) => new ClientHashes(keys),
    },
  ],
  exports: [RedisHitCounter, ClientHashes],
})
class RateLimitCountingModule {}

function options(config: RateLimitConfig): ThrottlerModuleOptions {
  const ttl = config.windowSeconds * 1000;
  const blockDuration = config.blockSeconds * 1000;
  return {
    setHeaders: false,
    throttlers: RATE_LIMIT_KINDS.map((name) => ({ name, limit: config[name], ttl, blockDuration })),
  };
}

/** One limit for each kind of request and client, counted in Redis. */
@Module({})
export class RateLimitModule {
  static forRoot(): DynamicModule {
    // Even a guard that lets every request through costs a turn of the microtask queue for each request.
    if (rateLimitConfig().mode === 'off') return { module: RateLimitModule };
    return {
      module: RateLimitModule,
      imports: [
        RateLimitCountingModule,
        ThrottlerModule.forRootAsync({ inject: [rateLimitConfig.KEY], useFactory: options }),
      ],
      providers: [
        {
          provide: APP_GUARD,
          inject: [
            getOptionsToken(),
            ThrottlerStorage,
            Reflector,
            ClientHashes,
            RedisHitCounter,
            MetricsService,
            secretsConfig.KEY,
          ],
          useFactory: (
            throttler: ThrottlerModuleOptions,
            storage: ThrottlerStorage,
            reflector: Reflector,
            clients: ClientHashes,
            counter: RedisHitCounter,
            metrics: MetricsService,
            { clientBytesPerHour: textBytesPerHour }: SecretsConfig,
          ) =>
            new RateLimitGuard(throttler, storage, reflector).with({
              clients,
              counter,
              metrics,
              textBytesPerHour,
            }),
        },
      ],
    };
  }
}
