import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';

import { AdminModule } from './admin/admin.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ProblemFilter } from './platform/http/problem/problem.filter.js';
import {
  auditConfig,
  authConfig,
  cryptoConfig,
  databaseConfig,
  filesConfig,
  rateLimitConfig,
  redisConfig,
  secretsConfig,
  serverConfig,
  tracingConfig,
  validateEnvironment,
} from './platform/config/sections/app.config.js';
import { FilesModule } from './files/files.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { RateLimitModule } from './rate-limit/rate-limit.module.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { StatsModule } from './stats/stats.module.js';
import { TracingModule } from './platform/tracing/tracing.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({
      isGlobal: true,
      cache: true,
      load: [
        serverConfig,
        redisConfig,
        databaseConfig,
        cryptoConfig,
        secretsConfig,
        filesConfig,
        auditConfig,
        rateLimitConfig,
        authConfig,
        tracingConfig,
      ],
      validate: validateEnvironment,
    }),
    MetricsModule,
    TracingModule,
    // After ConfigModule, which has read .env by now.
    RateLimitModule.forRoot(),
    AuthModule,
    SecretsModule,
    FilesModule,
    StatsModule,
    AdminModule,
    HealthModule,
  ],
  providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
})
export class AppModule {}
