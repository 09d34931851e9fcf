import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { deliberateActRequired } from '../secrets.errors.js';

/**
 * Headers with which browsers, proxies and chat previews announce that the user has not asked for the page
 * yet.
 */
const PREFETCH_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;
const PREFETCH = /prefetch|prerender|preview/i;
/**
 * The fetch of a script sends `empty`, and curl sends nothing; every other value is a load by the browser
 * itself.
 */
const BY_SCRIPT: ReadonlySet<string | undefined> = new Set([undefined, 'empty']);

/** Keeps page loads, prefetches and previews from opening a secret by GET. */
@Injectable()
export class DeliberateActGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const destination = headers['sec-fetch-dest'];
    const loaded = !BY_SCRIPT.has(typeof destination === 'string' ? destination : undefined);
    const early = PREFETCH_HEADERS.some((name) => PREFETCH.test(String(headers[name] ?? '')));
    if (loaded || early) throw deliberateActRequired();
    return true;
  }
}
