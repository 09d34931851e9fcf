import type { AreaValues } from './config.schema.js';
import { listedUrls, type redisArea } from './redis.config.js';

/** How somebody presents himself to a server. */
export interface Login {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: boolean;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is, with its passwords; plain data, so that other threads can be told. */
export type RedisTarget =
  | {
      readonly mode: 'single';
      /** A redis:// URL or the path of a Unix socket. */
      readonly address: string;
    }
  | {
      readonly mode: 'sentinel';
      readonly sentinels: readonly Endpoint[];
      readonly sentinelLogin: Login;
      /** The name under which they watch the master. */
      readonly master: string;
      readonly login: Login;
    }
  | { readonly mode: 'cluster'; readonly nodes: readonly Endpoint[]; readonly login: Login };

const PORTS = { sentinel: 26_379, cluster: 6_379 };

function endpointOf(url: string, port: number): Endpoint {
  const parsed = new URL(url);
  return { host: parsed.hostname.replace(/^\[|\]$/g, ''), port: Number(parsed.port) || port };
}

function loginOf(url: string): Login {
  const { username, password, protocol } = new URL(url);
  return {
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    tls: protocol === 'rediss:',
  };
}

/** @returns undefined when the settings name no server: then there is the private one */
export function configuredTarget(config: AreaValues<typeof redisArea>): RedisTarget | undefined {
  const { mode, url, urls = '' } = config;
  if (mode === 'single') return url === undefined ? undefined : { mode, address: url };
  const listed = listedUrls(urls);
  const [first = ''] = listed;
  const endpoints = listed.map((each) => endpointOf(each, PORTS[mode]));
  if (mode === 'cluster') return { mode, nodes: endpoints, login: loginOf(first) };
  const { username, password, tls, sentinelMaster: master = '' } = config;
  const login = { username, password, tls: tls === 'on' };
  return { mode, sentinels: endpoints, sentinelLogin: loginOf(first), master, login };
}
