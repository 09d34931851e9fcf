import { Module } from '@nestjs/common';

import { TRACING, type Tracing } from '../platform/tracing/tracing.port.js';
import {
  redisConfig,
  secretsConfig,
  serverConfig,
  type RedisConfig,
  type SecretsConfig,
  type ServerConfig,
} from '../platform/config/sections/app.config.js';
import { MetricsService } from '../platform/metrics/metrics.service.js';
import { RedisClock } from './clock/redis-clock.js';
import { RedisService } from './redis.service.js';
import { StoreMemory } from './memory/store-memory.js';
import { askStoreServers } from './memory/store-servers.js';

/** Warms up: the first answers of a process are slow. */
const SAMPLES = 3;

@Module({
  providers: [
    {
      provide: RedisService,
      inject: [redisConfig.KEY, serverConfig.KEY, MetricsService, TRACING],
      // Started here, so that nothing that needs Redis is built before it has answered and was checked.
      useFactory: async (
        redis: RedisConfig,
        server: ServerConfig,
        metrics: MetricsService,
        tracing: Tracing | undefined,
      ): Promise<RedisService> => {
        const service = new RedisService(redis, server, metrics, tracing);
        await service.start();
        return service;
      },
    },
    {
      provide: RedisClock,
      inject: [RedisService, MetricsService],
      // Sampled before the first request: it decides when a secret ends.
      useFactory: async (redis: RedisService, metrics: MetricsService): Promise<RedisClock> => {
        const clock = new RedisClock(redis, metrics);
        for (let sample = 0; sample < SAMPLES; sample += 1) await clock.measure();
        return clock;
      },
    },
    {
      provide: StoreMemory,
      inject: [RedisService, secretsConfig.KEY, MetricsService],
      useFactory: async (
        redis: RedisService,
        { quotaBytes }: SecretsConfig,
        metrics: MetricsService,
      ): Promise<StoreMemory> => {
        const ask = () => askStoreServers(redis);
        const memory = new StoreMemory({ ask, quotaBytes, metrics, now: () => performance.now() });
        await memory.measure();
        return memory;
      },
    },
  ],
  exports: [RedisService, RedisClock, StoreMemory],
})
export class RedisModule {}
