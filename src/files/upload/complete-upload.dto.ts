import { FILE_NAME_MAX_BYTES, FILE_TYPE_MAX_BYTES } from '@burnbag/contract';
import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsArray, IsInt, IsString, Min } from 'class-validator';

import { IsWellFormed, MayBeAbsent } from '../../platform/http/validation/validators.js';
import { FILE_BYTES_MOST, FILE_COUNT_MOST } from '../../platform/config/sections/files.config.js';
import { CreateSecretDto } from '../../secrets/create/create-secret.dto.js';

/** One file of an upload that is not sealed. */
export class SentFileDto {
  @ApiProperty({
    example: 'dump.sql',
    maxLength: FILE_NAME_MAX_BYTES,
    description: 'Stored as it is, up to 4,096 bytes of UTF-8.',
  })
  @IsString()
  name!: string;

  @ApiPropertyOptional({ example: 'application/sql', maxLength: FILE_TYPE_MAX_BYTES })
  @MayBeAbsent()
  @IsString()
  type?: string;

  @ApiProperty({ example: 1_048_577, minimum: 0, maximum: FILE_BYTES_MOST })
  @IsInt()
  @Min(0)
  size!: number;
}

/** Options of a sender besides the content. */
class WishesDto extends OmitType(CreateSecretDto, ['content']) {}

/** Body that makes a secret of an upload. The use case checks rules that depend on several fields. */
export class CompleteUploadDto extends WishesDto {
  @ApiPropertyOptional({
    description: 'Sealed only: the manifest as the base64 of an age v1 file.',
    example: 'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSAuLi4=',
  })
  @MayBeAbsent()
  @IsString()
  content?: string;

  @ApiPropertyOptional({
    description: 'Sealed only: the number of files.',
    example: 3,
    minimum: 1,
    maximum: FILE_COUNT_MOST,
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  fileCount?: number;

  @ApiPropertyOptional({
    description: 'Sealed only: bytes of all files together.',
    example: 12_582_912,
    minimum: 0,
    maximum: FILE_BYTES_MOST,
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  fileBytes?: number;

  @ApiPropertyOptional({
    description: 'Not sealed only: a note beside the files.',
    example: 'Import it today.',
  })
  @MayBeAbsent()
  @IsString()
  @IsWellFormed()
  note?: string;

  @ApiPropertyOptional({
    type: [SentFileDto],
    minItems: 1,
    maxItems: FILE_COUNT_MOST,
    description:
      'Not sealed only: the files in the order of their bytes. Their sizes add up to the Upload-Length.',
  })
  @MayBeAbsent()
  @IsArray()
  files?: unknown[];
}

/** The fields of a form besides its files. Forms carry text only: numbers are converted before. */
export class FormFieldsDto extends OmitType(CreateSecretDto, [
  'content',
  'sealed',
  'proofHash',
  'passphraseRequired',
]) {
  @ApiPropertyOptional({ description: 'A note beside the files.', example: 'Import it today.' })
  @MayBeAbsent()
  @IsString()
  @IsWellFormed()
  note?: string;
}
