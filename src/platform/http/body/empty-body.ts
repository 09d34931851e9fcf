import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { unsupportedMediaType } from '../problem/common.errors.js';

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
  // Chunks do not tell before their end that there is nothing; a length does.
  app.addContentTypeParser('*', async ({ headers }: FastifyRequest, body: Readable): Promise<void> => {
    if (headers['content-length'] !== undefined || !(await isEmpty(body))) throw unsupportedMediaType();
  });
}

/** Reads up to the first byte or the end. @throws when the connection is lost before */
function isEmpty(body: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    body
      .once('readable', () => {
        // At the end of a stream there is nothing to read, and `end` follows.
        if (body.read(1) !== null) resolve(false);
      })
      .once('end', () => resolve(true))
      .once('error', reject);
  });
}

function hasParser(app: FastifyInstance, type: string): boolean {
  const [media = ''] = type.split(';', 1);
  return media.trim() !== '' && app.hasContentTypeParser(media.trim().toLowerCase());
}
