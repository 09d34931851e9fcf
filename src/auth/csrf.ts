import type { IncomingHttpHeaders } from 'node:http';

import { ProblemError } from '../platform/http/problem/problem.js';
import { hasSessionCookie } from './sessions/auth-cookies.js';

const CSRF_HEADER = 'x-burnbag-csrf';
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Three defences, each of which stops another site in a current browser; a request must pass all. Origin: the
 * browser sends it with every change. Sec-Fetch-Site: the browser's own verdict, missing only in old ones.
 * The custom header: no form can send it, and a script of another origin needs a CORS preflight.
 * @param publicOrigin scheme, host and port of the portal
 * @returns which defence the request fails; undefined when it comes from a page of the portal
 */
function crossOriginReason(headers: IncomingHttpHeaders, publicOrigin: string): string | undefined {
  if (headers.origin !== publicOrigin) return `Origin must be ${publicOrigin} (PUBLIC_URL)`;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return 'Sec-Fetch-Site must be same-origin';
  return headers[CSRF_HEADER] === '1' ? undefined : 'X-Burnbag-Csrf must be 1';
}

/**
 * Refuses changes that carry the session cookie and do not come from a page of the portal. Requests without
 * the cookie, also those with an API token, pass: another site cannot send their credentials.
 * @param always also without the cookie
 * @throws ProblemError csrf_refused
 */
export function requirePortal(
  method: string,
  headers: IncomingHttpHeaders,
  publicOrigin: string,
  always: boolean,
): void {
  if (SAFE.has(method) || (!always && !hasSessionCookie(headers.cookie))) return;
  const reason = crossOriginReason(headers, publicOrigin);
  if (reason !== undefined) throw new ProblemError('csrf_refused', `${reason}. Nothing was changed.`);
}
