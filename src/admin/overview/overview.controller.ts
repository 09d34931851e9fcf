import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

import { Allow } from '../../auth/access.decorator.js';
import { OpenedAnswer } from '../../common/answers.openapi.js';
import { ValidQuery } from '../../common/valid-body.js';
import { RateLimit } from '../../rate-limit/rate-limit.decorator.js';
import { AdminProblems } from '../admin.openapi.js';
import { OverviewDto, OverviewQueryDto } from './overview.dto.js';
import { ReadOverview, type Overview } from './read-overview.js';

@ApiTags('admin')
@Controller('admin/overview')
export class OverviewController {
  constructor(private readonly readOverview: ReadOverview) {}

  @Get()
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'Count events of the last day, week or month' })
  @OpenedAnswer(200, OverviewDto)
  @AdminProblems('validation_failed')
  read(@ValidQuery(OverviewQueryDto) { range = 'day' }: OverviewQueryDto): Promise<Overview> {
    return this.readOverview.execute(range);
  }
}
