import { isSecretId } from '@burnbag/contract';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { validationFailed } from '../../platform/http/problem/common.errors.js';
import { idBytes, refOf } from '../../common/ids.js';

/** The ids of a secret: that of its link (`id`) and that of everything else (`ref`); 16 bytes each. */
export interface SecretIds {
  readonly id: Buffer;
  readonly ref: Buffer;
}

/** @throws ProblemError validation_failed for an invalid id */
export function secretIds(id: unknown): SecretIds {
  if (!isSecretId(id)) {
    throw validationFailed([
      { field: 'id', message: 'must be a UUID v4: the link is wrong or was cut off', limit: 36 },
    ]);
  }
  const bytes = idBytes(id);
  return { id: bytes, ref: refOf(bytes) };
}

/** The secret that the path names. Not a pipe, for the same reason as ValidBody. */
export const Secret = createParamDecorator((_: unknown, context: ExecutionContext) =>
  secretIds(context.switchToHttp().getRequest<{ params: { id?: string } }>().params.id),
);
