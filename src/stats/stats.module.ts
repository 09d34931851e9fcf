import { Module } from '@nestjs/common';

import { CLOCK } from '../common/clock.js';
import { DatabaseModule } from '../database/database.module.js';
import { RedisClock } from '../redis/clock/redis-clock.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { HourlyCounts } from './hourly-counts.js';
import { ReadStats } from './read-stats.js';
import { RedisRefusedHits } from './redis-refused-hits.js';
import { StatsController } from './stats.controller.js';
import { StatsRepository } from './stats.repository.js';

/** Aggregates of the trail. */
@Module({
  imports: [RedisModule, DatabaseModule],
  controllers: [StatsController],
  providers: [
    { provide: CLOCK, useExisting: RedisClock },
    {
      provide: RedisRefusedHits,
      inject: [RedisService],
      useFactory: (redis: RedisService) => new RedisRefusedHits(redis),
    },
    StatsRepository,
    HourlyCounts,
    ReadStats,
  ],
  exports: [HourlyCounts],
})
export class StatsModule {}
