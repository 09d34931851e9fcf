import type { IncomingMessage } from 'node:http';

const UPLOAD = /^[^?#]*\/api\/v1\/uploads\/[^/?#]+(?:[?#]|$)/;
const METHODS: ReadonlySet<string> = new Set(['PATCH', 'DELETE', 'HEAD']);
const HEADER = 'x-http-method-override';

/**
 * tus 1.0.0, "X-HTTP-Method-Override": when a proxy lets only POST through, this header is the method. Only
 * for uploads, so that no other route can be reached by a method that a proxy rule would refuse.
 */
export function overrideMethod(request: IncomingMessage): void {
  if (request.method !== 'POST' || !UPLOAD.test(request.url ?? '')) return;
  const wanted = request.headers[HEADER];
  if (typeof wanted === 'string' && METHODS.has(wanted)) request.method = wanted;
}
