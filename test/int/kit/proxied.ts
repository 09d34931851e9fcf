import { freePort } from '../../support/free-port.js';
import {
  startReverseProxy,
  type ReverseProxyKind,
  type TestReverseProxy,
} from '../../support/reverse-proxy.js';
import { Client } from './client.js';
import { openPortal, type Portal } from './portal.js';

export interface ProxiedOptions {
  /** @default 'nginx' */
  readonly kind?: ReverseProxyKind | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** See startReverseProxy. @default none: the proxy's defaults */
  readonly directives?: readonly string[];
}

/** A portal behind a real reverse proxy, which its PUBLIC_URL names. */
export interface ProxiedPortal {
  readonly portal: Portal;
  readonly proxy: TestReverseProxy;
  /** Speaks to the portal through the proxy; `portal.client` speaks to it directly. */
  readonly client: Client;
  close(): Promise<void>;
}

export async function openBehindProxy({
  kind,
  env = {},
  directives,
}: ProxiedOptions = {}): Promise<ProxiedPortal> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const portal = await openPortal({ env: { PUBLIC_URL: url, TRUST_PROXY: 'loopback', ...env } });
  const starting = startReverseProxy({ upstream: portal.client.url, port, kind, directives });
  const proxy = await starting.catch(async (error: unknown) => {
    await portal.close();
    throw error;
  });
  const client = new Client(url);
  const close = async (): Promise<void> => {
    client.close();
    await proxy.stop();
    await portal.close();
  };
  return { portal, proxy, client, close };
}
