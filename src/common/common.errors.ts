import { ProblemError, type FieldProblem, type ProblemKind } from './problem.js';

const kinds = {
  validationFailed: {
    code: 'validation_failed',
    status: 400,
    title: 'The request is not valid',
    extras: ['errors'],
  },
  routeNotFound: { code: 'route_not_found', status: 404, title: 'There is no such address' },
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
  internalError: { code: 'internal_error', status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, ProblemKind>;

export const commonProblems: readonly ProblemKind[] = Object.values(kinds);

export const validationFailed = (errors: readonly FieldProblem[]) =>
  new ProblemError(kinds.validationFailed, errors.map((e) => `${e.field} ${e.message}`).join('; '), {
    errors,
  });

export const routeNotFound = () =>
  new ProblemError(kinds.routeNotFound, 'Nothing is served at this address.');

/** @param limit in bytes */
export const payloadTooLarge = (field: string, limit: number) =>
  new ProblemError(kinds.payloadTooLarge, `${field} must be at most ${limit} bytes`, { field, limit });

export const unsupportedMediaType = (wanted = 'application/json') =>
  new ProblemError(kinds.unsupportedMediaType, `Send the body as ${wanted}.`);

export const badRequest = (detail: string) => new ProblemError(kinds.badRequest, detail);

export const internalError = () =>
  new ProblemError(kinds.internalError, 'The failure was logged under the request id.');
