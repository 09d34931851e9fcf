import type { LiveSecret, LiveSecrets } from '@burnbag/contract';
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';

import { IsCountText, MayBeAbsent } from '../../platform/http/validation/validators.js';
import { LIVE_SECRETS_CURSOR } from './list-live-secrets.js';

const TIME = '2026-11-21T14:00:00.000Z';
export const LIVE_SECRETS_PAGE = { standard: 50, most: 200 };

export class LiveSecretsQueryDto {
  @ApiProperty({ required: false, type: 'integer', minimum: 1, maximum: LIVE_SECRETS_PAGE.most, example: 50 })
  @MayBeAbsent()
  @IsCountText(LIVE_SECRETS_PAGE.most)
  limit?: string;

  @ApiProperty({
    required: false,
    description: '`nextCursor` of the page before.',
    example: '1795442400000-9d3e6d1c7a5b4f20b1f0c4a2d8e79631',
    pattern: LIVE_SECRETS_CURSOR,
  })
  @MayBeAbsent()
  @IsString()
  cursor?: string;
}

export class LiveSecretDto implements LiveSecret {
  @ApiProperty({ example: '9d3e6d1c7a5b4f20b1f0c4a2d8e79631' }) ref!: string;
  @ApiProperty({ enum: ['text', 'files'] }) kind!: 'text' | 'files';
  @ApiProperty({ description: 'Bytes.', example: 37 }) size!: number;
  @ApiProperty({ type: String, nullable: true, example: 'alice@corp.example' }) creator!: string | null;
  @ApiProperty({ format: 'date-time', example: TIME }) createdAt!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) expiresAt!: string;
  @ApiProperty() sealed!: boolean;
  @ApiProperty() passphraseRequired!: boolean;
  @ApiProperty({ description: 'Only named people may open it.' }) recipientsOnly!: boolean;
  @ApiProperty({ example: 1 }) maxViews!: number;
  @ApiProperty({ example: 0 }) views!: number;
  @ApiProperty({ description: 'Wrong passphrases since its creation.', example: 2 }) failedAttempts!: number;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'null: it is not locked.',
    example: TIME,
  })
  lockedUntil!: string | null;
}

export class LiveSecretsDto implements LiveSecrets {
  @ApiProperty({ type: [LiveSecretDto] }) secrets!: LiveSecretDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}
