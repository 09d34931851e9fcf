import {
  EMAIL_MAX_LENGTH,
  EMAIL_PATTERN,
  PASSPHRASE_MAX_CHARACTERS,
  PROOF_BYTES,
  RECIPIENTS_MAX,
  VIEWS_MAX,
  SECRET_TTL_MAX_SECONDS,
} from '@burnbag/contract';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsString,
  Max,
  Min,
} from 'class-validator';

import {
  base64UrlPattern,
  IsBase64UrlOf,
  IsWellFormed,
  MayBeAbsent,
} from '../../platform/http/validation/validators.js';
import { IsOptionalPassphrase } from '../credentials/passphrase.decorator.js';

/** Body of a creation. The use case checks the limits that the operator sets (size, longest life). */
export class CreateSecretDto {
  @ApiProperty({
    description:
      'The secret: any well-formed Unicode up to SECRET_MAX_BYTES, or, when sealed, the base64 of an age v1 file.',
    example: 'postgres://app:s3cr3t@db.internal/app',
    minLength: 1,
  })
  @IsString()
  @IsNotEmpty()
  @IsWellFormed()
  content!: string;

  @ApiPropertyOptional({
    description: 'Life in seconds, up to SECRET_TTL_MAX_SECONDS.',
    example: 3600,
    minimum: 1,
    maximum: SECRET_TTL_MAX_SECONDS,
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  ttlSeconds?: number;

  @ApiPropertyOptional({
    description: 'How often it opens, up to SECRET_VIEWS_MAX.',
    example: 1,
    minimum: 1,
    maximum: VIEWS_MAX,
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(VIEWS_MAX)
  maxViews?: number;

  @ApiPropertyOptional({
    description: 'Not sealed only: asked of every reader. That of a sealed secret never leaves the browser.',
    example: 'correct horse battery staple',
    minLength: 1,
    maxLength: PASSPHRASE_MAX_CHARACTERS,
  })
  @IsOptionalPassphrase()
  passphrase?: string;

  @ApiPropertyOptional({
    description: 'The content was encrypted by the sender; proofHash is then required.',
  })
  @MayBeAbsent()
  @IsBoolean()
  sealed?: boolean;

  @ApiPropertyOptional({
    description: 'Sealed only: SHA-256 of the proof that a reader must show; 32 bytes, base64url.',
    example: 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ',
    pattern: base64UrlPattern(PROOF_BYTES),
  })
  @MayBeAbsent()
  @IsBase64UrlOf(PROOF_BYTES)
  proofHash?: string;

  @ApiPropertyOptional({
    description: 'Sealed only: the proof also depends on a passphrase, so wrong proofs are counted.',
  })
  @MayBeAbsent()
  @IsBoolean()
  passphraseRequired?: boolean;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', pattern: EMAIL_PATTERN, maxLength: EMAIL_MAX_LENGTH },
    description: 'The recipients: their e-mail addresses, as the sign-in provider has verified them.',
    example: ['alice@corp.example'],
    minItems: 1,
    maxItems: RECIPIENTS_MAX,
  })
  @MayBeAbsent()
  @IsString({ each: true })
  @ArrayMaxSize(RECIPIENTS_MAX)
  @ArrayMinSize(1)
  @IsArray()
  recipients?: string[];
}
