import { TRAIL_ACTIONS, type TrailAction } from '@burnbag/contract';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Matches } from 'class-validator';

import {
  HasAtMost,
  IsCountText,
  IsMomentText,
  IsWellFormed,
  MayBeAbsent,
  MOMENT_PATTERN,
} from '../../platform/http/validation/validators.js';
import { REF_PATTERN } from '../secrets/secret-ref.decorator.js';

/** Microseconds of an event, and its row. */
export const AUDIT_CURSOR = '^([0-9]{1,15}|[1-8][0-9]{15})-([0-9]{1,18})$';
const ACTOR_MAX_CHARACTERS = 320;
const ADDRESS_MAX_CHARACTERS = 64;
export const ADDRESS_BEGINNING = String.raw`^([0-9a-fA-F][0-9a-fA-F.:]{0,38})\*$`;
/** Format of an IP address under AUDIT_IP=hashed. */
export const ADDRESS_HASHED = '^[A-Za-z0-9_-]{22}$';
export const AUDIT_PAGE = { standard: 100, most: 500 };
const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Parameters of the search; all are optional. */
export class AuditFilterDto {
  @ApiProperty({
    required: false,
    description: 'From this moment on.',
    pattern: MOMENT_PATTERN,
    example: '2026-11-21T00:00:00Z',
  })
  @MayBeAbsent()
  @IsMomentText()
  from?: string;

  @ApiProperty({
    required: false,
    description: 'Before this moment.',
    pattern: MOMENT_PATTERN,
    example: '2026-11-22T00:00:00Z',
  })
  @MayBeAbsent()
  @IsMomentText()
  to?: string;

  @ApiProperty({ required: false, example: '9d3e6d1c7a5b4f20b1f0c4a2d8e79631', pattern: REF_PATTERN })
  @MayBeAbsent()
  @Matches(new RegExp(REF_PATTERN), { message: '$property must be 32 hex digits' })
  ref?: string;

  @ApiProperty({
    required: false,
    description: 'Who did it, exactly.',
    example: 'alice@corp.example',
    minLength: 1,
    maxLength: ACTOR_MAX_CHARACTERS,
  })
  @MayBeAbsent()
  @Matches(/^[^\0]+$/, { message: '$property must not be empty, nor hold a NUL' })
  @HasAtMost(ACTOR_MAX_CHARACTERS)
  @IsWellFormed()
  actor?: string;

  @ApiProperty({ required: false, enum: TRAIL_ACTIONS })
  @MayBeAbsent()
  @IsIn(TRAIL_ACTIONS, { message: `$property must be one of ${TRAIL_ACTIONS.join(', ')}` })
  action?: TrailAction;

  @ApiProperty({
    required: false,
    description:
      'An IP address, matched as AUDIT_IP keeps it; the beginning of a kept one followed by *; or a kept hash.',
    example: '203.0.113.*',
    anyOf: [
      { format: 'ipv4' },
      { format: 'ipv6' },
      { pattern: ADDRESS_BEGINNING },
      { pattern: ADDRESS_HASHED },
    ],
  })
  @MayBeAbsent()
  @HasAtMost(ADDRESS_MAX_CHARACTERS)
  @IsString()
  address?: string;
}

export class AuditSearchDto extends AuditFilterDto {
  @ApiProperty({ required: false, type: 'integer', minimum: 1, maximum: AUDIT_PAGE.most, example: 100 })
  @MayBeAbsent()
  @IsCountText(AUDIT_PAGE.most)
  limit?: string;

  @ApiProperty({
    required: false,
    description: '`nextCursor` of the page before.',
    example: '1795442400000000-353',
    pattern: AUDIT_CURSOR,
  })
  @MayBeAbsent()
  @IsString()
  cursor?: string;
}

export class AuditExportDto extends AuditFilterDto {
  @ApiProperty({ enum: EXPORT_FORMATS })
  @IsIn(EXPORT_FORMATS, { message: `$property must be one of ${EXPORT_FORMATS.join(', ')}` })
  format!: ExportFormat;
}
