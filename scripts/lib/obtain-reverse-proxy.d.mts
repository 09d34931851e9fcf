export type ReverseProxyKind = 'nginx' | 'caddy' | 'haproxy';
/** A reverse proxy that runs: found, or downloaded. Throws with one line that says what to install. */
export function obtainReverseProxy(
  kind: ReverseProxyKind,
  env?: NodeJS.ProcessEnv,
): { binary: string; version: string };
