import { TRAIL_ACTIONS, type AuditEntry, type AuditExtra, type FoundEvents } from '@burnbag/contract';
import { ApiProperty } from '@nestjs/swagger';

export class AuditEntryDto implements AuditEntry {
  @ApiProperty({ description: 'A 64-bit number in digits.', example: '353' }) id!: string;
  @ApiProperty({ format: 'date-time', example: '2026-11-21T14:02:00.000Z' }) createdAt!: string;
  @ApiProperty({ example: '9d3e6d1c7a5b4f20b1f0c4a2d8e79631' }) ref!: string;
  @ApiProperty({ enum: TRAIL_ACTIONS }) action!: string;
  @ApiProperty({ type: String, nullable: true, example: 'anonymous' }) actor!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '203.0.113.0' }) ipAddress!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'curl/8.5.0' }) userAgent!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true, example: { viewsLeft: 0 } }) extra!: AuditExtra;
  @ApiProperty({ description: '0 to 15: which chain it is in.', example: 1 }) bucket!: number;
  @ApiProperty({ description: 'Its place there: a 64-bit number in digits.', example: '22' })
  sequence!: string;
}

export class FoundEventsDto implements FoundEvents {
  @ApiProperty({ type: [AuditEntryDto], description: 'Newest first.' }) events!: AuditEntryDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}
