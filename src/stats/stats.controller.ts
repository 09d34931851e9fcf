import type { Stats } from '@burnbag/contract';
import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { Route } from '../platform/route/route.decorator.js';
import { ReadStats } from './read-stats.js';
import { StatsDto } from './stats.dto.js';

@ApiTags('stats')
@Controller('stats')
export class StatsController {
  constructor(private readonly readStats: ReadStats) {}

  @Route('GET', '', {
    allow: 'stats',
    limit: 'status',
    summary: 'Counts by hour and day, from the audit trail',
    answer: { status: 200, body: StatsDto },
  })
  read(): Promise<Stats> {
    return this.readStats.execute();
  }
}
