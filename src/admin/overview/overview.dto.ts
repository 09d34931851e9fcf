import { OVERVIEW_RANGES, type Overview, type OverviewRange } from '@burnbag/contract';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

import { MayBeAbsent } from '../../platform/http/validation/validators.js';
import { CountsDto, SpanDto } from '../../stats/stats.dto.js';

export class OverviewQueryDto {
  @ApiProperty({ enum: OVERVIEW_RANGES, required: false, default: 'day' })
  @MayBeAbsent()
  @IsIn(OVERVIEW_RANGES, { message: `$property must be one of ${OVERVIEW_RANGES.join(', ')}` })
  range?: OverviewRange;
}

export class OverviewDto implements Overview {
  @ApiProperty({ format: 'date-time', example: '2026-11-21T14:02:00.000Z' }) asOf!: string;
  @ApiProperty({ enum: OVERVIEW_RANGES }) range!: OverviewRange;
  @ApiProperty({ example: 3 }) liveNow!: number;
  @ApiProperty({ description: 'Of the whole range.' }) total!: CountsDto;
  @ApiProperty({
    type: [SpanDto],
    description: 'Oldest first: 24 hours, 28 times 6 hours, or 31 days (UTC). The last one is still running.',
  })
  spans!: SpanDto[];
}
