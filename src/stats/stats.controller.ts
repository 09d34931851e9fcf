import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

import { Allow } from '../auth/access.decorator.js';
import { guardProblems, REFUSED } from '../auth/access.openapi.js';
import { OpenedAnswer, problemsAmong } from '../common/answers.openapi.js';
import { storeProblems } from '../common/store.errors.js';
import { RateLimit } from '../rate-limit/rate-limit.decorator.js';
import { rateLimitProblems } from '../rate-limit/rate-limit.errors.js';
import { ReadStats, type Stats } from './read-stats.js';
import { StatsDto } from './stats.dto.js';

const StatsProblems = problemsAmong(
  [...guardProblems, ...rateLimitProblems, ...storeProblems],
  'rate_limited',
  'store_unavailable',
);

@ApiTags('stats')
@Controller('stats')
export class StatsController {
  constructor(private readonly readStats: ReadStats) {}

  @Allow('stats')
  @Get()
  @RateLimit('status')
  @ApiOperation({ summary: 'Counts by hour and day, from the audit trail' })
  @OpenedAnswer(200, StatsDto)
  @StatsProblems(...REFUSED.stats)
  read(): Promise<Stats> {
    return this.readStats.execute();
  }
}
