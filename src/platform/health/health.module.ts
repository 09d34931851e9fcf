import { Module } from '@nestjs/common';

import { AuditModule } from '../../audit/audit.module.js';
import { RedisClock } from '../../redis/clock/redis-clock.js';
import { RedisModule } from '../../redis/redis.module.js';
import { RedisService } from '../../redis/redis.service.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { STORE_CLOCK, STORE_PROBE } from './store-probe.port.js';

@Module({
  imports: [RedisModule, AuditModule],
  controllers: [HealthController],
  providers: [
    HealthService,
    { provide: STORE_PROBE, useExisting: RedisService },
    { provide: STORE_CLOCK, useExisting: RedisClock },
  ],
})
export class HealthModule {}
