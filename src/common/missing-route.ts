import type { FastifyRequest } from 'fastify';

import { methodNotAllowed, methodNotImplemented, routeNotFound } from './common.errors.js';
import type { ProblemError } from './problem.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods that a path has, without its query; none for an address that does not exist. */
    methodsOf?: (path: string) => readonly string[];
  }
}

/** @returns why a method that no route has is refused: by an address that exists, with what it has */
export function unknownMethod(request: FastifyRequest): ProblemError {
  const problem = missingRoute(request);
  return problem.kind.status === 405 ? problem : methodNotImplemented();
}

/** @returns why no route takes this request */
export function missingRoute(request: FastifyRequest): ProblemError {
  const [path = ''] = request.url.split('?', 1);
  const allowed = request.server.methodsOf?.(path) ?? [];
  return allowed.length > 0 && !allowed.includes(request.method)
    ? methodNotAllowed(allowed)
    : routeNotFound();
}
