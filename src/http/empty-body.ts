import type { IncomingHttpHeaders } from 'node:http';

import type { FastifyInstance } from 'fastify';

function hasNoBody({ 'content-length': length, 'transfer-encoding': coding }: IncomingHttpHeaders): boolean {
  return coding === undefined && (length === undefined || length === '0');
}

/**
 * An empty body is no body, whatever type a client names for it: `curl -X POST -d ''` says a form, and many libraries
 * say JSON with every request. A type that has a parser of ours is left to it.
 */
export function ignoreEmptyBodies(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    const type = headers['content-type'];
    if (type !== undefined && hasNoBody(headers) && !hasParser(app, type)) delete headers['content-type'];
    done();
  });
}

function hasParser(app: FastifyInstance, type: string): boolean {
  const [media = ''] = type.split(';', 1);
  return media.trim() !== '' && app.hasContentTypeParser(media.trim().toLowerCase());
}
