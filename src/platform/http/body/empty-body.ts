import type { IncomingHttpHeaders } from 'node:http';

import type { FastifyInstance } from 'fastify';

function hasNoBody({ 'content-length': length, 'transfer-encoding': coding }: IncomingHttpHeaders): boolean {
  return coding === undefined && (length === undefined || length === '0');
}

/**
 * An empty body counts as no body, whatever its Content-Type: `curl -X POST -d ''` sends that of a form, and
 * many libraries send JSON with every request. A type with a parser of ours is left to it.
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
