import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { deliberateActRequired } from './secrets.errors.js';

/** Headers with which browsers, proxies and chat previews announce that nobody asked for the page yet. */
const PREFETCH_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;
const PREFETCH = /prefetch|prerender|preview/i;
/** A script's fetch says `empty`, and curl says nothing; everything else is a browser loading something by itself. */
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
