import type { Counts, Span, Stats } from '@burnbag/contract';
import { ApiProperty } from '@nestjs/swagger';

const TIME = '2026-11-21T14:00:00.000Z';

export class CountsDto implements Counts {
  @ApiProperty({ example: 12 }) created!: number;
  @ApiProperty({ description: 'Views handed over.', example: 10 }) viewed!: number;
  @ApiProperty({ example: 1 }) burned!: number;
  @ApiProperty({ description: 'Ended unread with their time.', example: 1 }) expired!: number;
  @ApiProperty({ example: 0 }) locked!: number;
  @ApiProperty({ example: 2 }) failedAttempts!: number;
  @ApiProperty({ description: 'Requests that a limit refused.', example: 0 }) rateLimited!: number;
}

export class SpanDto extends CountsDto implements Span {
  @ApiProperty({ format: 'date-time', example: TIME }) start!: string;
}

export class StatsDto implements Stats {
  @ApiProperty({ format: 'date-time', example: TIME }) asOf!: string;
  @ApiProperty({ example: 3 }) liveNow!: number;
  @ApiProperty({ description: 'Since the oldest event that is kept.' }) total!: CountsDto;
  @ApiProperty({ type: [SpanDto], description: 'The last 48 hours, oldest first.' }) hours!: SpanDto[];
  @ApiProperty({ type: [SpanDto], description: 'The last 31 days (UTC), oldest first.' }) days!: SpanDto[];
}
