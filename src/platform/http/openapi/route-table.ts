import type { FastifyInstance } from 'fastify';

/** Serves the page for unknown paths: with it every path would exist. */
const ANY_PATH = '/*';

/** Methods that a server may be expected to know (RFC 9110 and 5789): any other is answered 501. */
const KNOWN: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
]);

export const isKnownMethod = (method: string | undefined): boolean =>
  method !== undefined && KNOWN.has(method);

/** @param pattern as Fastify writes it: `:name` is one segment, `*` at the end the rest */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.at(-1) === '*' ? path.length < pattern.length : path.length !== pattern.length) return false;
  return pattern.every((part, at) => {
    if (part === '*') return true;
    return part.startsWith(':') ? path[at] !== '' : part === path[at];
  });
}

function variablesIn(pattern: readonly string[]): number {
  return pattern.filter((part) => part.startsWith(':')).length;
}

/**
 * Collects the routes that are registered from here on, so that a wrong method can be told from a wrong URL.
 */
export function collectRoutes(app: FastifyInstance): void {
  const methods = new Map<string, { parts: readonly string[]; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url === ANY_PATH) return;
    const route = methods.get(url) ?? { parts: url.split('/'), methods: new Set<string>() };
    for (const each of [method].flat()) route.methods.add(each);
    methods.set(url, route);
  });
  app.decorate('methodsOf', (path: string) => {
    const parts = path.split('/');
    const matching = [...methods.values()].filter((route) => matches(route.parts, parts));
    // The router prefers a segment that is written out, so `/files/:id/:index` does not count for `/files/:id/renew`.
    const variables = Math.min(...matching.map((route) => variablesIn(route.parts)));
    const found = matching.filter((route) => variablesIn(route.parts) === variables);
    return [...new Set(found.flatMap((route) => [...route.methods]))].sort();
  });
}
