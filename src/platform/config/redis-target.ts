import type { AreaValues } from './config.schema.js';
import { parseEndpointUrl, type EndpointUrl } from './endpoint-url.js';
import { listedUrls, REDIS_URL_RULES, type redisArea } from './sections/redis.config.js';

/** Credentials for a server. */
export interface Login {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: boolean;
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is, with its passwords; plain data, so that it can be sent to other threads. */
export type RedisTarget =
  | {
      readonly mode: 'single';
      /** The path of a Unix socket. */
      readonly socket: string;
    }
  | {
      readonly mode: 'single';
      readonly endpoint: Endpoint;
      readonly login: Login;
      readonly database: number;
    }
  | {
      readonly mode: 'sentinel';
      readonly sentinels: readonly Endpoint[];
      readonly sentinelLogin: Login;
      /** The name under which the sentinels watch the master. */
      readonly master: string;
      readonly login: Login;
    }
  | { readonly mode: 'cluster'; readonly nodes: readonly Endpoint[]; readonly login: Login };

const PORTS = { single: 6_379, sentinel: 26_379, cluster: 6_379 };

function endpointOf({ host, port }: EndpointUrl, fallback: number): Endpoint {
  return { host, port: port ?? fallback };
}

function loginOf({ username, password, scheme }: EndpointUrl): Login {
  return { username, password, tls: scheme === 'rediss' };
}

function singleTarget(url: string): RedisTarget {
  const parsed = parseEndpointUrl(url, REDIS_URL_RULES);
  const database = Number(parsed.path.slice(1));
  return { mode: 'single', endpoint: endpointOf(parsed, PORTS.single), login: loginOf(parsed), database };
}

/** @returns undefined when the settings name no server: then the embedded one is used */
export function configuredTarget(config: AreaValues<typeof redisArea>): RedisTarget | undefined {
  const { mode, url, urls = '' } = config;
  if (mode === 'single') return url === undefined ? undefined : singleTarget(url);
  const listed = listedUrls(urls).map((each) => parseEndpointUrl(each, REDIS_URL_RULES));
  const [first] = listed;
  if (!first) return undefined;
  const endpoints = listed.map((each) => endpointOf(each, PORTS[mode]));
  if (mode === 'cluster') return { mode, nodes: endpoints, login: loginOf(first) };
  const { username, password, tls, sentinelMaster: master = '' } = config;
  const login = { username, password, tls: tls === 'on' };
  return { mode, sentinels: endpoints, sentinelLogin: loginOf(first), master, login };
}
