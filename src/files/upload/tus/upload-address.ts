import { isSecretId } from '@burnbag/contract';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { uploadNotFound } from '../../files.errors.js';

/** @throws ProblemError upload_not_found for an id that was never given out: tus clients then begin again */
function uploadIdFrom(text: unknown): string {
  if (!isSecretId(text)) throw uploadNotFound();
  return text.toLowerCase();
}

/** The upload that the path names. Not a pipe, for the same reason as ValidBody. */
export const UploadId = createParamDecorator((_: unknown, context: ExecutionContext) =>
  uploadIdFrom(context.switchToHttp().getRequest<{ params: { uploadId?: string } }>().params.uploadId),
);
