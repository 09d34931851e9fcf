import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { routeNotFound } from '../common/common.errors.js';
import type { Headers } from '../http/security-headers.js';

const DIST = fileURLToPath(new URL('../../frontend/dist/', import.meta.url));
/** One file per page: each holds what that page shows first, and otherwise the same app. */
const PAGES = { '/': 'index.html', '/s/:id': 'reveal.html', '/r': 'receipt.html' } as const;
const NO_PAGE = 'not-found.html';
/** Vite names these files by their content, so they never change. */
const FOREVER = 'public, max-age=31536000, immutable';

function staticFiles(headers: Headers, cacheControl: string): Omit<FastifyStaticOptions, 'root'> {
  return {
    index: false,
    cacheControl: false,
    // The build leaves a .br and a .gz beside what is worth it.
    preCompressed: true,
    setHeaders: (reply) => {
      reply
        .headers(headers)
        .removeHeader('Pragma')
        .removeHeader('Expires')
        .header('Cache-Control', cacheControl);
    },
  };
}

/** Serves the built web app. Loading a page touches no secret: every page is a file, the same for everybody. */
export async function serveWebApp(app: FastifyInstance, headers: Headers): Promise<void> {
  if (!existsSync(`${DIST}index.html`)) throw new Error('the web app is not built: run npm run build');
  let ours = true;
  app.addHook('onRoute', (route) => {
    if (ours) route.config = { ...route.config, access: { who: 'unasked' } };
  });
  await app.register(fastifyStatic, {
    ...staticFiles(headers, 'no-cache'),
    root: DIST,
    wildcard: false,
    globIgnore: ['assets/**', '**/*.{br,gz,html}'],
  });
  await app.register(fastifyStatic, {
    ...staticFiles(headers, FOREVER),
    root: `${DIST}assets/`,
    prefix: '/assets/',
    decorateReply: false,
  });
  const page = (file: string) => (_request: FastifyRequest, reply: FastifyReply) => reply.sendFile(file);
  // Monitors ask with HEAD. A page may answer it, since loading one touches nothing.
  for (const [url, file] of Object.entries(PAGES))
    app.route({ method: ['GET', 'HEAD'], url, handler: page(file) });
  // A link that lost all after /s: known as an address, but the app has nothing to show there.
  app.route({ method: ['GET', 'HEAD'], url: '/s', handler: page(NO_PAGE) });
  // A person who mistyped gets the app's own page; a program gets problem details.
  app.get('/*', (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') && !request.url.startsWith('/api/');
    if (!wantsPage) throw routeNotFound();
    return reply.code(404).sendFile(NO_PAGE);
  });
  ours = false;
}
