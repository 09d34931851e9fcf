import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * One line for each answered request. It names the route template: the URL itself holds ids and tokens.
 * Probes and scrapes are logged at debug only.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const line = {
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 100) / 100,
      ip: request.ip,
    };
    if (route.startsWith('/health') || route === '/metrics') request.log.debug(line, 'request');
    else request.log.info(line, 'request');
    done();
  });
}
