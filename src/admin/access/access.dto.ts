import { TOKEN_PAGE_MAX, type ListedSession, type Sessions } from '@burnbag/contract';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString } from 'class-validator';

import { IsCountText, MayBeAbsent } from '../../platform/http/validation/validators.js';
import { TOKEN_CURSOR } from '../../auth/tokens/page-query.js';

const TIME = '2026-11-21T14:00:00.000Z';

export class ListedSessionDto implements ListedSession {
  @ApiProperty({ description: 'Opens nothing.', example: '4f1c0a528f0e4c43' }) handle!: string;
  @ApiProperty({ example: 'alice' }) subject!: string;
  @ApiPropertyOptional({ example: 'Alice Example' }) name?: string;
  @ApiPropertyOptional({ example: 'alice@corp.example' }) email?: string;
  @ApiProperty() isAdmin!: boolean;
  @ApiProperty({ enum: ['oidc', 'local'] }) via!: 'oidc' | 'local';
  @ApiProperty({ format: 'date-time', example: TIME }) createdAt!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) seenAt!: string;
  @ApiProperty({ format: 'date-time', description: 'At the latest.', example: TIME }) endsAt!: string;
}

export class SessionsDto implements Sessions {
  @ApiProperty({ type: [ListedSessionDto], description: 'Newest first, at most 500.' })
  sessions!: ListedSessionDto[];
}

export class TokensQueryDto {
  @ApiProperty({ required: false, type: 'integer', minimum: 1, maximum: TOKEN_PAGE_MAX, example: 50 })
  @MayBeAbsent()
  @IsCountText(TOKEN_PAGE_MAX)
  limit?: string;

  @ApiProperty({ required: false, description: '`nextCursor` of the page before.', pattern: TOKEN_CURSOR })
  @MayBeAbsent()
  @IsString()
  cursor?: string;
}
