import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Client, newClaim } from '../int/kit/client.js';
import { fetchFiles } from '../int/kit/downloads.js';
import { openPortal, type Portal } from '../int/kit/portal.js';
import { created, sendForm } from '../int/kit/uploads.js';
import { digest } from '../support/chunk-kit.js';
import { startReverseProxy, type ReverseProxyKind } from '../support/reverse-proxy.js';
import { documentedSetup } from './kit/documented-setup.js';

const KINDS: readonly ReverseProxyKind[] = ['nginx', 'caddy', 'haproxy'];
const STATUS_LIMIT = 5;
let portal: Portal;

beforeAll(async () => {
  const env = { TRUST_PROXY: 'loopback', RATE_LIMIT: 'on', RATE_LIMIT_STATUS: String(STATUS_LIMIT) };
  portal = await openPortal({ env });
});
afterAll(() => portal.close());

describe.each(KINDS)('the example of docs/reverse-proxies.md for %s', (kind) => {
  let client: Client;
  beforeAll(async () => {
    const upstream = portal.client.url;
    const example = (port: number): string => documentedSetup(kind, port, new URL(upstream).host);
    client = new Client((await startReverseProxy({ upstream, kind, example })).url);
  });
  afterAll(() => client.close());

  it('passes a text of 256 KiB that JSON writes six times as long, and a form of 60 MB', async () => {
    const content = '\u0000'.repeat(262_144);
    const { id } = await client.create({ content });
    expect((await client.reveal(id)).body.content === content).toBe(true);
    const body = randomBytes(60_000_000);
    const files = created(await sendForm(client, [{ name: 'file', filename: 'a', body }]));
    const got = await fetchFiles(client.url, files.id, { claim: newClaim() });
    expect(digest(got.bytes)).toBe(digest(body));
  });

  it('keeps metrics and health inside', async () => {
    for (const path of ['/metrics', '/health', '/health/ready']) {
      expect((await client.send('GET', path)).status).toBe(404);
    }
  });

  it('tells its own address of the client and its own name of the request, whatever the client says', async () => {
    const claimed = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n}`, 'x-request-id': 'of-the-client' });
    const { id } = await portal.client.create();
    const statuses: number[] = [];
    for (let n = 1; n <= STATUS_LIMIT + 1; n += 1) {
      const answer = await client.send('GET', `/api/v1/secrets/${id}/status`, { headers: claimed(n) });
      statuses.push(answer.status);
    }
    // One client, although it claims to be many.
    expect(statuses.at(-1)).toBe(429);
    expect(portal.apps[0]?.output()).not.toMatch(/of-the-client|203\.0\.113/);
  });
});
