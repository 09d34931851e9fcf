import { applyDecorators } from '@nestjs/common';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

import { IsWellFormed, MayBeAbsent } from '../../common/validators.js';

export const PASSPHRASE_MAX_CHARACTERS = 256;

/** A passphrase that may be left out. The rule that says what it should be stands last: it is the one reported. */
export const IsOptionalPassphrase = (): PropertyDecorator =>
  applyDecorators(
    IsWellFormed(),
    MaxLength(PASSPHRASE_MAX_CHARACTERS),
    IsNotEmpty(),
    IsString(),
    MayBeAbsent(),
  );
