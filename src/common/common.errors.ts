import { ProblemError, type FieldProblem, type ProblemKind } from './problem.js';
import { shortened } from './text-limits.js';

/** A client may send thousands of wrong fields: only the first ones are reported. */
const REPORTED_MAX = 10;
/** UTF-16 units of a field's name that are repeated to the client. */
const NAME_MAX_UNITS = 100;

const kinds = {
  validationFailed: {
    code: 'validation_failed',
    status: 400,
    title: 'The request is not valid',
    extras: ['errors'],
  },
  methodNotAllowed: { code: 'method_not_allowed', status: 405, title: 'This URL has no such method' },
  requestTimeout: { code: 'request_timeout', status: 408, title: 'The request took too long' },
  uriTooLong: { code: 'uri_too_long', status: 414, title: 'The URL is too long' },
  expectationFailed: { code: 'expectation_failed', status: 417, title: 'The expectation is not supported' },
  headersTooLarge: { code: 'headers_too_large', status: 431, title: 'The headers are too large' },
  methodNotImplemented: { code: 'method_not_implemented', status: 501, title: 'The method is not known' },
  versionNotSupported: {
    code: 'http_version_not_supported',
    status: 505,
    title: 'The version of HTTP is not supported',
  },
  routeNotFound: { code: 'route_not_found', status: 404, title: 'There is no such URL' },
  payloadTooLarge: {
    code: 'payload_too_large',
    status: 413,
    title: 'The request is too large',
    extras: ['field', 'limit'],
  },
  unsupportedMediaType: {
    code: 'unsupported_media_type',
    status: 415,
    title: 'The content type is not supported',
  },
  badRequest: { code: 'bad_request', status: 400, title: 'The request cannot be read' },
  internalError: { code: 'internal_error', status: 500, title: 'Internal error' },
} as const satisfies Record<string, ProblemKind>;

export const commonProblems: readonly ProblemKind[] = Object.values(kinds);

/** Reports at most ten fields; their names may be the client's own text and are cut. */
export function validationFailed(problems: readonly FieldProblem[]): ProblemError {
  const errors = problems
    .slice(0, REPORTED_MAX)
    .map((each) => ({ ...each, field: shortened(each.field, NAME_MAX_UNITS) }));
  const told = errors.map(({ field, message }) => `${field} ${message}`);
  const omitted = problems.length - errors.length;
  const detail = (omitted > 0 ? [...told, `and ${omitted} more`] : told).join('; ');
  return new ProblemError(kinds.validationFailed, detail, { errors });
}

export const routeNotFound = () => new ProblemError(kinds.routeNotFound, 'This URL does not exist.');

/** @param allowed the methods of the URL */
export const methodNotAllowed = (allowed: readonly string[]) =>
  new ProblemError(
    kinds.methodNotAllowed,
    `It has ${allowed.join(', ')}.`,
    {},
    { Allow: allowed.join(', ') },
  );

export const methodNotImplemented = () =>
  new ProblemError(kinds.methodNotImplemented, 'No URL of this server has this method.');

export const requestTimeout = () =>
  new ProblemError(kinds.requestTimeout, 'The whole request has to arrive in time. Send it again.');

/** @param limit of one parameter of a path, in characters */
export const uriTooLong = (limit: number) =>
  new ProblemError(kinds.uriTooLong, `No part of a path is longer than ${limit} characters.`);

export const expectationFailed = () =>
  new ProblemError(kinds.expectationFailed, 'The only supported expectation is 100-continue.');

/** @param limit in bytes */
export const headersTooLarge = (limit: number) =>
  new ProblemError(kinds.headersTooLarge, `URL and headers together must be at most ${limit} bytes.`);

export const versionNotSupported = () =>
  new ProblemError(kinds.versionNotSupported, 'Use HTTP/1.1; a proxy in front may speak others.');

/** @param limit in bytes */
export function payloadTooLarge(name: string, limit: number): ProblemError {
  const field = shortened(name, NAME_MAX_UNITS);
  return new ProblemError(kinds.payloadTooLarge, `${field} must be at most ${limit} bytes`, { field, limit });
}

export const unsupportedMediaType = (wanted = 'application/json') =>
  new ProblemError(kinds.unsupportedMediaType, `Send the body as ${wanted}.`);

export const unsupportedCharset = () =>
  new ProblemError(
    kinds.unsupportedMediaType,
    'The charset is not supported: send UTF-8, UTF-16, ISO-8859-1 or windows-1252.',
  );

export const unsupportedEncoding = () =>
  new ProblemError(
    kinds.unsupportedMediaType,
    'Send the body as it is: Content-Encoding must be identity.',
    {},
    { 'Accept-Encoding': 'identity' },
  );

/** The bytes are not valid text. @param charset of the text */
export const notInCharset = (field: string, charset = 'UTF-8') =>
  validationFailed([{ field, message: `must be text in ${charset}` }]);

export const badRequest = (detail: string) => new ProblemError(kinds.badRequest, detail);

export const internalError = () =>
  new ProblemError(kinds.internalError, 'The failure was logged under the request id.');
