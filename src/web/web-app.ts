import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { AccessSettings } from '../auth/access.rules.js';
import { errorToProblem } from '../platform/http/problem/error-to-problem.js';
import { missingRoute } from '../platform/http/problem/missing-route.js';
import { sendProblem } from '../platform/http/problem/send-problem.js';
import type { Headers } from '../platform/http/security-headers.js';

const DIST = fileURLToPath(new URL('../../frontend/dist/', import.meta.url));
/** One file per page: each holds what that page shows first, and otherwise the same app. */
const PAGES = {
  '/': 'index.html',
  '/s/:id': 'reveal.html',
  '/r': 'receipt.html',
  '/login': 'login.html',
  '/tokens': 'tokens.html',
  '/admin': 'admin.html',
  '/admin/:part': 'admin.html',
} as const;
const NO_PAGE = 'not-found.html';
/** Vite names these files by their content, so they never change. */
const FOREVER = 'public, max-age=31536000, immutable';

function staticFiles(headers: Headers, cacheControl: string): Omit<FastifyStaticOptions, 'root'> {
  return {
    index: false,
    cacheControl: false,
    // The build adds a .br and a .gz where it pays.
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

/** Folder of the pages that embed how people sign in; `local` when only the administrator does. */
function folderOf({ accounts, mode }: AccessSettings): string {
  if (!accounts) return '';
  return mode === 'oidc' ? 'oidc/' : 'local/';
}

/**
 * Serves the built web app. Loading a page opens no secret: every page is a static file, and its data has
 * access rules of its own.
 * @param access how people sign in: the build has each page once for each way, so that none has to ask
 */
export async function serveWebApp(
  app: FastifyInstance,
  headers: Headers,
  access: AccessSettings,
): Promise<void> {
  if (!existsSync(`${DIST}index.html`)) throw new Error('the web app is not built: run npm run build');
  let ours = true;
  app.addHook('onRoute', (route) => {
    if (!ours) return;
    route.config = { ...route.config, access: { who: 'unasked' }, limit: 'none' };
    // Before Nest's: these routes are registered first.
    route.errorHandler = (error, request, reply) => sendProblem(reply, errorToProblem(error, request));
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
  const folder = folderOf(access);
  const named = (file: string) => `${folder}${file}`;
  const page = (file: string) => (_request: FastifyRequest, reply: FastifyReply) =>
    reply.sendFile(named(file));
  // Monitors use HEAD. A page may answer it, since loading one opens nothing.
  for (const [url, file] of Object.entries(PAGES))
    app.route({ method: ['GET', 'HEAD'], url, handler: page(file) });
  // A link that lost everything after /s: an existing path, but the app has nothing to show there.
  app.route({ method: ['GET', 'HEAD'], url: '/s', handler: page(NO_PAGE) });
  // A person who mistyped gets the app's own page; a program gets problem details.
  app.get('/*', (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') && !request.url.startsWith('/api/');
    if (!wantsPage) throw missingRoute(request);
    return reply.code(404).sendFile(named(NO_PAGE));
  });
  ours = false;
}
