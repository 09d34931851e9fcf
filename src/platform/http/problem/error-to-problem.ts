import { HttpException, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import {
  badRequest,
  internalError,
  payloadTooLarge,
  unsupportedMediaType,
  validationFailed,
} from './common.errors.js';
import { missingRoute } from './missing-route.js';
import { ProblemError } from './problem.js';

const logger = new Logger('ProblemFilter');

const invalidJson = () => validationFailed([{ field: 'body', message: 'must be valid JSON' }]);

/** Fastify's own errors, by their stable codes. */
const FROM_FASTIFY: Readonly<Record<string, (limit: number) => ProblemError>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: () => invalidJson(),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => validationFailed([{ field: 'body', message: 'must not be empty' }]),
  FST_ERR_CTP_BODY_TOO_LARGE: (limit) => payloadTooLarge('body', limit),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => unsupportedMediaType(),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => badRequest('The body is not as long as Content-Length says.'),
};

function codeAndStatus(error: unknown): { code?: unknown; statusCode?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}

/** Maps any error to a problem. Unexpected errors are logged, and answered without their message. */
export function errorToProblem(error: unknown, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HttpException && error.getStatus() === 404) return missingRoute(request);
  // Nest wraps Fastify's errors; the original has the code.
  const origin = error instanceof HttpException ? (error.cause ?? error) : error;
  if (origin instanceof SyntaxError) return invalidJson();
  const { code, statusCode } = codeAndStatus(origin);
  const known = typeof code === 'string' ? FROM_FASTIFY[code] : undefined;
  if (known) return known(request.routeOptions.bodyLimit);
  // A client's malformed request (bad URL encoding, cut-off body) arrives as an error with a 4xx status.
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return badRequest('The request cannot be read.');
  }
  logger.error({ err: error, reqId: request.id }, 'request failed');
  return internalError();
}
