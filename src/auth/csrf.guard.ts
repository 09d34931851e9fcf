import {
  Injectable,
  SetMetadata,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';

import { ProblemError, type ProblemKind } from '../common/problem.js';
import { SESSION_COOKIE } from './sessions/auth-cookies.js';

export const CSRF_HEADER = 'x-burnbag-csrf';
const CSRF_ALWAYS = 'burnbag:csrf-always';
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const kind = {
  code: 'csrf_refused',
  status: 403,
  title: 'The request does not come from the portal',
} as const satisfies ProblemKind;

export const csrfProblems: readonly ProblemKind[] = [kind];

/** Checks this route also without a session: a foreign page must not sign anybody in as somebody else either. */
export const FromPortalOnly = (): CustomDecorator => SetMetadata(CSRF_ALWAYS, true);

/**
 * Three defences, each enough against a foreign page in a current browser; a request must pass all. Origin: the browser
 * tells it with every change. Sec-Fetch-Site: the browser's own verdict, missing only in old ones. The custom header:
 * no form can send it, and no script of another origin may without asking first (CORS).
 * @param publicOrigin scheme, host and port of the portal
 * @returns which defence the request fails; undefined when it comes from a page of the portal
 */
export function foreignness(headers: IncomingHttpHeaders, publicOrigin: string): string | undefined {
  if (headers.origin !== publicOrigin) return `Origin must be ${publicOrigin} (PUBLIC_URL)`;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return 'Sec-Fetch-Site must be same-origin';
  return headers[CSRF_HEADER] === '1' ? undefined : 'X-Burnbag-Csrf must be 1';
}

/**
 * Refuses changes that carry the session cookie and do not come from a page of the portal. Requests without the cookie,
 * also those with an API token, pass: a foreign page has nothing to borrow there.
 */
@Injectable()
export class CsrfGuard implements CanActivate {
  private readonly origin: string;

  /** @param publicUrl PUBLIC_URL */
  constructor(
    publicUrl: string,
    private readonly reflector: Reflector,
  ) {
    this.origin = new URL(publicUrl).origin;
  }

  /** @throws ProblemError csrf_refused */
  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (SAFE.has(method)) return true;
    // By its name alone: a cookie that cannot be read must not open a way around.
    const cookie = headers.cookie?.includes(`${SESSION_COOKIE}=`) ?? false;
    if (!cookie && !this.reflector.get<boolean | undefined>(CSRF_ALWAYS, context.getHandler())) return true;
    const reason = foreignness(headers, this.origin);
    if (reason === undefined) return true;
    throw new ProblemError(kind, `${reason}. Nothing was changed.`);
  }
}
