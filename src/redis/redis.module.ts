import { Module } from '@nestjs/common';

import { TRACING, type Tracing } from '../common/tracing.port.js';
import { redisConfig, serverConfig, type RedisConfig, type ServerConfig } from '../config/app.config.js';
import { MetricsService } from '../metrics/metrics.service.js';
import { RedisService } from './redis.service.js';

@Module({
  providers: [
    {
      provide: RedisService,
      inject: [redisConfig.KEY, serverConfig.KEY, MetricsService, TRACING],
      // Started here, so that nothing that needs Redis is built before it answers and is fit.
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
  ],
  exports: [RedisService],
})
export class RedisModule {}
