import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { routeNotFound } from '../common/common.errors.js';
import type { Headers } from '../http/security-headers.js';

const DIST = fileURLToPath(new URL('../../frontend/dist/', import.meta.url));
const PAGES = ['/', '/s', '/s/:id', '/r'] as const;
const HASHED = /\/assets\//;

/** Serves the built web app. Loading a page touches no secret: every page is the same file. */
export async function serveWebApp(app: FastifyInstance, headers: Headers): Promise<void> {
  if (!existsSync(`${DIST}index.html`)) throw new Error('the web app is not built: run npm run build');
  await app.register(fastifyStatic, {
    root: DIST,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.headers(headers).removeHeader('Pragma').removeHeader('Expires');
      if (HASHED.test(path)) reply.header('Cache-Control', 'public, max-age=31536000, immutable');
    },
  });
  const page = (_request: FastifyRequest, reply: FastifyReply) => reply.sendFile('index.html');
  for (const path of PAGES) app.get(path, page);
  // A person who mistyped gets the app's own page; a program gets problem details.
  app.get('/*', (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') && !request.url.startsWith('/api/');
    if (!wantsPage) throw routeNotFound();
    return reply.code(404).sendFile('index.html');
  });
}
