import type { IncomingHttpHeaders } from 'node:http';

import { unsupportedMediaType, validationFailed } from '../../../platform/http/problem/common.errors.js';
import { tusVersionWrong } from '../../files.errors.js';

/** The only version of the protocol (https://tus.io/protocols/resumable-upload). */
export const TUS_VERSION = '1.0.0';

export const TUS_BODY = 'application/offset+octet-stream';

/** Supported extensions, as OPTIONS lists them. */
export const TUS_EXTENSIONS = 'creation,termination,expiration';

/** Fifteen digits are exact as a number. */
export const WHOLE = /^[0-9]{1,15}$/;

/** @throws ProblemError tus_version_wrong */
export function requireTus(headers: IncomingHttpHeaders): void {
  if (headers['tus-resumable'] !== TUS_VERSION) throw tusVersionWrong(TUS_VERSION);
}

/** @throws ProblemError unsupported_media_type */
export function requireTusBody(headers: IncomingHttpHeaders): void {
  if (headers['content-type']?.toLowerCase() !== TUS_BODY) throw unsupportedMediaType(TUS_BODY);
}

/** @returns the bytes in a header @throws ProblemError validation_failed that names it */
export function bytesIn(headers: IncomingHttpHeaders, name: 'Upload-Length' | 'Upload-Offset'): number {
  const value = headers[name.toLowerCase()];
  if (typeof value !== 'string' || !WHOLE.test(value)) {
    throw validationFailed([{ field: name, message: 'must be given as a whole number of bytes' }]);
  }
  return Number(value);
}
