import { Module } from '@nestjs/common';

import { RedisModule } from '../redis/redis.module.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

@Module({ imports: [RedisModule], controllers: [HealthController], providers: [HealthService] })
export class HealthModule {}
