import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { isSecretId } from '../../common/ids.js';
import { uploadNotFound } from '../files.errors.js';

/** @throws ProblemError upload_not_found for what was never given out: tus clients begin anew then */
export function uploadIdFrom(text: unknown): string {
  if (!isSecretId(text)) throw uploadNotFound();
  return text.toLowerCase();
}

/** The upload that the path names. No pipe, for the reason that ValidBody is none. */
export const UploadId = createParamDecorator((_: unknown, context: ExecutionContext) =>
  uploadIdFrom(context.switchToHttp().getRequest<{ params: { uploadId?: string } }>().params.uploadId),
);
