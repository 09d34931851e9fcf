import { PASSPHRASE_MAX_CHARACTERS } from '@burnbag/contract';
import { applyDecorators } from '@nestjs/common';
import { IsNotEmpty, IsString } from 'class-validator';

import { HasAtMost, IsWellFormed, MayBeAbsent } from '../../platform/http/validation/validators.js';

/** An optional passphrase. The rule that describes it comes last: it is the one reported. */
export const IsOptionalPassphrase = (): PropertyDecorator =>
  applyDecorators(
    IsWellFormed(),
    HasAtMost(PASSPHRASE_MAX_CHARACTERS),
    IsNotEmpty(),
    IsString(),
    MayBeAbsent(),
  );
