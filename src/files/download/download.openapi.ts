import { CLAIM_BYTES, PROOF_BYTES, type ProblemCode } from '@burnbag/contract';
import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiProduces, ApiResponse } from '@nestjs/swagger';

import { base64UrlPattern } from '../../platform/http/validation/validators.js';
import { PassphraseHeaders } from '../../secrets/credentials/passphrase.openapi.js';
import { LOOKING_PROBLEMS, VIEW_PROBLEMS } from '../../secrets/secrets.openapi.js';

/** Problems of a download. */
export const DOWNLOAD_PROBLEMS = [
  ...VIEW_PROBLEMS,
  'deliberate_act_required',
  'range_not_satisfiable',
] as const satisfies readonly ProblemCode[];

/** Problems of a HEAD of files. */
export const LOOKING_AT_FILES_PROBLEMS = [
  ...LOOKING_PROBLEMS,
  'record_damaged',
] as const satisfies readonly ProblemCode[];

const BYTES = { 'application/octet-stream': { schema: { type: 'string' as const, format: 'binary' } } };

const text = (description: string) => ({ description, schema: { type: 'string' as const } });

const HEADERS = {
  'Content-Disposition': text('attachment, with a safe name'),
  'Accept-Ranges': text('bytes; none for a zip'),
  ETag: text('strong; for If-Range'),
  'Cache-Control': text('no-store, no-cache, must-revalidate'),
};

const Id = (): MethodDecorator =>
  ApiParam({ name: 'id', format: 'uuid', description: 'The id in the link.' });

/** Documents a GET of files. */
export function FileDownload(): MethodDecorator {
  return applyDecorators(
    Id(),
    ApiHeader({
      name: 'X-Claim',
      required: true,
      description:
        '16 random bytes, base64url. The first claim wins the view; the same one resumes, by Range, while its lease runs.',
      schema: { type: 'string', pattern: base64UrlPattern(CLAIM_BYTES) },
    }),
    PassphraseHeaders(),
    ApiHeader({
      name: 'X-Proof',
      required: false,
      description: 'Sealed files: 32 bytes, base64url.',
      schema: { type: 'string', pattern: base64UrlPattern(PROOF_BYTES) },
    }),
    ApiHeader({ name: 'Range', required: false, description: 'One range of bytes.' }),
    ApiHeader({ name: 'If-Range', required: false }),
    ApiProduces('application/octet-stream'),
    ApiResponse({ status: 200, description: 'Everything.', headers: HEADERS, content: BYTES }),
    ApiResponse({
      status: 206,
      description: 'The range.',
      headers: { ...HEADERS, 'Content-Range': text('bytes first-last/length') },
      content: BYTES,
    }),
  );
}

/** Documents a HEAD of files. */
export function LookingAtFiles(): MethodDecorator {
  return applyDecorators(
    Id(),
    ApiResponse({
      status: 200,
      description: 'Content-Length where it is known without opening.',
      headers: HEADERS,
    }),
  );
}
