import type { FieldProblem } from '@burnbag/contract';

import { ProblemError } from './problem.js';
import { shortened } from '../validation/text-limits.js';

/** A client may send thousands of wrong fields: only the first ones are reported. */
const REPORTED_MAX = 10;
/** UTF-16 units of a field's name that are repeated to the client. */
const NAME_MAX_UNITS = 100;

/** Reports at most ten fields; their names may be the client's own text and are cut. */
export function validationFailed(problems: readonly FieldProblem[]): ProblemError {
  const errors = problems
    .slice(0, REPORTED_MAX)
    .map((each) => ({ ...each, field: shortened(each.field, NAME_MAX_UNITS) }));
  const told = errors.map(({ field, message }) => `${field} ${message}`);
  const omitted = problems.length - errors.length;
  const detail = (omitted > 0 ? [...told, `and ${omitted} more`] : told).join('; ');
  return new ProblemError('validation_failed', detail, { errors });
}

export const routeNotFound = () => new ProblemError('route_not_found', 'This URL does not exist.');

/** @param allowed the methods of the URL */
export const methodNotAllowed = (allowed: readonly string[]) =>
  new ProblemError('method_not_allowed', `It has ${allowed.join(', ')}.`, {}, { Allow: allowed.join(', ') });

export const methodNotImplemented = () =>
  new ProblemError('method_not_implemented', 'No URL of this server has this method.');

export const requestTimeout = () =>
  new ProblemError('request_timeout', 'The whole request has to arrive in time. Send it again.');

/** @param limit of one parameter of a path, in characters */
export const uriTooLong = (limit: number) =>
  new ProblemError('uri_too_long', `No part of a path is longer than ${limit} characters.`);

export const expectationFailed = () =>
  new ProblemError('expectation_failed', 'The only supported expectation is 100-continue.');

/** @param limit in bytes */
export const headersTooLarge = (limit: number) =>
  new ProblemError('headers_too_large', `URL and headers together must be at most ${limit} bytes.`);

export const versionNotSupported = () =>
  new ProblemError('http_version_not_supported', 'Use HTTP/1.1; a proxy in front may speak others.');

/** @param limit in bytes */
export function payloadTooLarge(name: string, limit: number): ProblemError {
  const field = shortened(name, NAME_MAX_UNITS);
  return new ProblemError('payload_too_large', `${field} must be at most ${limit} bytes`, { field, limit });
}

export const unsupportedMediaType = (wanted = 'application/json') =>
  new ProblemError('unsupported_media_type', `Send the body as ${wanted}.`);

export const unsupportedCharset = () =>
  new ProblemError(
    'unsupported_media_type',
    'The charset is not supported: send UTF-8, UTF-16, ISO-8859-1 or windows-1252.',
  );

export const unsupportedEncoding = () =>
  new ProblemError(
    'unsupported_media_type',
    'Send the body as it is: Content-Encoding must be identity.',
    {},
    { 'Accept-Encoding': 'identity' },
  );

/** The bytes are not valid text. @param charset of the text */
export const notInCharset = (field: string, charset = 'UTF-8') =>
  validationFailed([{ field, message: `must be text in ${charset}` }]);

export const badRequest = (detail: string) => new ProblemError('bad_request', detail);

export const internalError = () =>
  new ProblemError('internal_error', 'The failure was logged under the request id.');
