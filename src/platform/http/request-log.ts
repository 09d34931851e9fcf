import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/**
 * Writes one line for each answered request. It names the route template: the URL itself holds ids and
 * tokens. Probes and scrapes are logged at debug only.
 * @param logger writes these lines only
 * @param kept the part of an IP address to keep (AUDIT_IP); null for none
 */
export function logRequests(app: FastifyInstance, logger: Logger, kept: (ip: string) => string | null): void {
  app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const line = {
      reqId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 100) / 100,
      ip: kept(request.ip) ?? undefined,
    };
    if (route.startsWith('/health') || route === '/metrics') logger.debug(line, 'request');
    else logger.info(line, 'request');
    done();
  });
}
