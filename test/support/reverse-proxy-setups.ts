import { getuid } from 'node:process';

import type { ReverseProxyKind } from '../../scripts/lib/obtain-reverse-proxy.mjs';

interface ProxyPlace {
  readonly port: number;
  /** `127.0.0.1:3000` */
  readonly upstream: string;
  readonly directives: readonly string[];
  /** Instead of a server with nothing but these: a whole one (nginx), a whole configuration (the others). */
  readonly example?: string | undefined;
}

export interface ProxySetup {
  /** The name of its configuration. */
  readonly file: string;
  /** Folders that it needs below its home. */
  readonly folders: readonly string[];
  config(place: ProxyPlace): string;
  args(home: string, file: string): readonly string[];
}

/** A master of root runs its workers as another user, who cannot enter the folder that holds the buffered bodies. */
const NGINX_USER = getuid?.() === 0 ? 'user root;' : '';
const NGINX_BUFFERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

const nginx: ProxySetup = {
  file: 'nginx.conf',
  folders: NGINX_BUFFERS,
  config: ({ port, upstream, directives, example }) => `${NGINX_USER}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${NGINX_BUFFERS.map((name) => `${name}_temp_path ${name};`).join('\n  ')}
  ${
    example ??
    `server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://${upstream};
      ${directives.map((directive) => `${directive};`).join('\n      ')}
    }
  }`
  }
}
`,
  args: (home, file) => ['-p', `${home}/`, '-e', 'stderr', '-c', file],
};

const caddy: ProxySetup = {
  file: 'Caddyfile',
  folders: [],
  config: ({ port, upstream, directives, example }) => `{
	admin off
	auto_https off
}
${
  example ??
  `:${port} {
	bind 127.0.0.1
	reverse_proxy ${upstream} {
		${directives.join('\n\t\t')}
	}
}`
}
`,
  args: (_home, file) => ['run', '--adapter', 'caddyfile', '--config', file],
};

/** It has no default timeouts and warns without: these are the ones that its packages come with. */
const haproxy: ProxySetup = {
  file: 'haproxy.cfg',
  folders: [],
  config: ({ port, upstream, directives, example }) =>
    example ??
    `defaults
  mode http
  timeout connect 5000
  timeout client 50000
  timeout server 50000
frontend web
  bind 127.0.0.1:${port}
  default_backend burnbag
backend burnbag
  ${directives.join('\n  ')}
  server portal ${upstream}
`,
  args: (_home, file) => ['-f', file],
};

export const PROXY_SETUPS: Readonly<Record<ReverseProxyKind, ProxySetup>> = { nginx, caddy, haproxy };
