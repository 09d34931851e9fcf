import { readFileSync } from 'node:fs';

import type { ReverseProxyKind } from '../../support/reverse-proxy.js';

const PAGE = new URL('../../../docs/reverse-proxies.md', import.meta.url);
const LANGUAGES: Readonly<Record<ReverseProxyKind, string>> = {
  nginx: 'nginx',
  caddy: 'caddyfile',
  haproxy: 'haproxy',
};

/** What the examples have for TLS and for the machine of the reader, and what a test has instead. */
const places = (port: number): readonly (readonly [RegExp, string])[] => [
  [/^.*ssl_certificate.*\n/gm, ''],
  [/listen 443 ssl/, `listen 127.0.0.1:${port}`],
  [/^burnbag\.example\.com \{/m, `:${port} {\n\tbind 127.0.0.1`],
  [/bind :443 ssl crt \S+/, `bind 127.0.0.1:${port}`],
];

/** @returns the example of docs/reverse-proxies.md, on this port and before this portal. @throws when there is none */
export function documentedSetup(kind: ReverseProxyKind, port: number, upstream: string): string {
  const page = readFileSync(PAGE, 'utf8');
  const example = new RegExp(`\`\`\`${LANGUAGES[kind]}\n([^]*?)\`\`\``).exec(page)?.[1];
  if (example === undefined) throw new Error(`docs/reverse-proxies.md has no example of ${kind}`);
  const moved = places(port).reduce((text, [from, to]) => text.replace(from, to), example);
  if (moved === example || !moved.includes('127.0.0.1:3000'))
    throw new Error(`the example of ${kind} has changed`);
  return moved.replace('127.0.0.1:3000', upstream);
}
