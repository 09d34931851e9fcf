import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { ThrottlerModule, ThrottlerStorage, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { getOptionsToken } from '@nestjs/throttler';

import { rateLimitConfig, type RateLimitConfig } from '../config/app.config.js';
import { MetricsService } from '../metrics/metrics.service.js';
import { RedisModule } from '../redis/redis.module.js';
import { RATE_LIMIT_KINDS } from './rate-limit.decorator.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RedisThrottlerStorage } from './redis-throttler.storage.js';

@Module({ imports: [RedisModule], providers: [RedisThrottlerStorage], exports: [RedisThrottlerStorage] })
class RateLimitStorageModule {}

function options(config: RateLimitConfig, storage: RedisThrottlerStorage): ThrottlerModuleOptions {
  const ttl = config.windowSeconds * 1000;
  const blockDuration = config.blockSeconds * 1000;
  return {
    storage,
    setHeaders: false,
    throttlers: RATE_LIMIT_KINDS.map((name) => ({ name, limit: config[name], ttl, blockDuration })),
  };
}

/** One limit for each kind of request and client address, counted in Redis. */
@Module({})
export class RateLimitModule {
  static forRoot(): DynamicModule {
    // Even a guard that lets everybody through costs a turn of the microtask queue for each request.
    if (rateLimitConfig().mode === 'off') return { module: RateLimitModule };
    return {
      module: RateLimitModule,
      imports: [
        ThrottlerModule.forRootAsync({
          imports: [RateLimitStorageModule],
          inject: [rateLimitConfig.KEY, RedisThrottlerStorage],
          useFactory: options,
        }),
      ],
      providers: [
        {
          provide: APP_GUARD,
          inject: [getOptionsToken(), ThrottlerStorage, Reflector, MetricsService],
          useFactory: (
            throttler: ThrottlerModuleOptions,
            storage: ThrottlerStorage,
            reflector: Reflector,
            metrics: MetricsService,
          ) => new RateLimitGuard(throttler, storage, reflector).countIn(metrics),
        },
      ],
    };
  }
}
