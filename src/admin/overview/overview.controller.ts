import type { Overview } from '@burnbag/contract';
import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { ValidQuery } from '../../platform/http/validation/valid-body.js';
import { Route } from '../../platform/route/route.decorator.js';
import { OverviewDto, OverviewQueryDto } from './overview.dto.js';
import { ReadOverview } from './read-overview.js';

@ApiTags('admin')
@Controller('admin/overview')
export class OverviewController {
  constructor(private readonly readOverview: ReadOverview) {}

  @Route('GET', '', {
    allow: 'admins',
    limit: 'status',
    summary: 'Count events of the last day, week or month',
    answer: { status: 200, body: OverviewDto },
    problems: ['validation_failed'],
  })
  read(@ValidQuery(OverviewQueryDto) { range = 'day' }: OverviewQueryDto): Promise<Overview> {
    return this.readOverview.execute(range);
  }
}
