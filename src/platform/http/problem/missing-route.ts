import type { FastifyRequest } from 'fastify';

import { methodNotAllowed, methodNotImplemented, routeNotFound } from './common.errors.js';
import type { ProblemError } from './problem.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods of a path, without its query; none for a path that does not exist. */
    methodsOf?: (path: string) => readonly string[];
  }
}

/** @returns the problem of a method that no route has; for an existing path with its methods */
export function unknownMethod(request: FastifyRequest): ProblemError {
  const problem = missingRoute(request);
  return problem.kind.status === 405 ? problem : methodNotImplemented();
}

/**
 * For a route with a variable where another one has a word: that path does not have the methods of this route.
 * @throws ProblemError method_not_allowed
 */
export function requireOwnPath(request: FastifyRequest): void {
  const problem = missingRoute(request);
  if (problem.kind.status === 405) throw problem;
}

/** @returns the problem of a request without a route */
export function missingRoute(request: FastifyRequest): ProblemError {
  const [path = ''] = request.url.split('?', 1);
  const allowed = request.server.methodsOf?.(path) ?? [];
  return allowed.length > 0 && !allowed.includes(request.method)
    ? methodNotAllowed(allowed)
    : routeNotFound();
}
