import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { validationFailed } from '../../platform/http/problem/common.errors.js';

export const REF_PATTERN = '^[0-9a-f]{32}$';
const REF = new RegExp(REF_PATTERN);

/** The 16-byte reference that the path names. @throws ProblemError validation_failed for anything else */
export const SecretRef = createParamDecorator((_: unknown, context: ExecutionContext): Buffer => {
  const { ref = '' } = context.switchToHttp().getRequest<{ params: { ref?: string } }>().params;
  if (!REF.test(ref)) throw validationFailed([{ field: 'ref', message: 'must be 32 hex digits', limit: 32 }]);
  return Buffer.from(ref, 'hex');
});
