import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim } from '../int/kit/client.js';
import { openPortal, until, type Portal } from '../int/kit/portal.js';
import { seal } from '../int/kit/sealed.js';
import { openMonitor } from '../support/redis-monitor.js';
import { getRequest, revealRequest, ConcurrentRequests } from './concurrent-requests.js';

const READERS = 1_000;
const CONTENT = 'Zebra-Plaintext-9f3c81';
const PASSPHRASE = 'Okapi-Passphrase-5e0d77';
let portal: Portal;
let requests: ConcurrentRequests;

beforeAll(async () => {
  portal = await openPortal({
    apps: 2,
    env: { LOG_LEVEL: 'trace' },
    redis: { 'slowlog-log-slower-than': '0', 'slowlog-max-len': '100000' },
  });
  requests = await ConcurrentRequests.open(
    portal.apps.map(({ url }) => url),
    READERS,
  );
});
afterAll(() => {
  requests.close();
  return portal.close();
});

/** Reverses MONITOR's \xNN escapes, so that raw bytes are found too. */
function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Every spelling under which some bytes could have been written down. */
function spellings(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [hex, hex.toUpperCase(), base64, bytes.toString('base64url'), bytes.toString('latin1')];
}

interface Told {
  readonly what: string;
  readonly spelled: readonly string[];
}

const told: Told[] = [];
const tell = (what: string, ...spelled: string[]): void => void told.push({ what, spelled });
const tellText = (what: string, text: string): void =>
  tell(what, text, ...spellings(Buffer.from(text, 'utf8')));
const tellBytes = (what: string, text: string): void =>
  tell(what, text, ...spellings(Buffer.from(text, 'base64url')));

function tellCreated({ id, receiptToken }: { id: string; receiptToken: string }): string {
  const plain = id.replaceAll('-', '');
  tell('id', id, id.toUpperCase(), ...spellings(Buffer.from(plain, 'hex')));
  tellBytes('receipt token', receiptToken);
  return id;
}

/** The whole life of secrets of every kind, with a race in each. */
async function live(): Promise<void> {
  const { client } = portal;
  tellText('content', CONTENT);
  tellText('passphrase', PASSPHRASE);
  const plain = tellCreated(await client.create({ content: CONTENT }));
  await requests.fire((at) => (at % 2 ? getRequest(plain) : revealRequest(plain)));
  const claimed = tellCreated(await client.create({ content: CONTENT, maxViews: 3 }));
  const claims = Array.from({ length: READERS }, newClaim);
  for (const claim of claims) tellBytes('claim', claim);
  await requests.fire((at) => revealRequest(claimed, { claim: claims[at] ?? '' }));
  for (const claim of claims.slice(0, 20)) await client.acknowledge(claimed, claim);

  const guarded = tellCreated(await client.create({ content: CONTENT, passphrase: PASSPHRASE, maxViews: 2 }));
  await client.reveal(guarded, { passphrase: `${PASSPHRASE}!` });
  await client.reveal(guarded, { passphrase: PASSPHRASE });
  await client.get(guarded, { 'X-Passphrase': PASSPHRASE });

  const { fields, proof } = await seal(CONTENT);
  tellBytes('proof', proof);
  const sealed = tellCreated(await client.create({ ...fields }));
  await client.status(sealed);
  await client.head(sealed);
  await requests.fire(() => revealRequest(sealed, { proof }));

  const burnt = await client.create({ content: CONTENT });
  await client.receipt(burnt.receiptToken);
  await client.burn(tellCreated(burnt), { headers: { 'X-Receipt-Token': burnt.receiptToken } });
  // Errors are where most is logged.
  await client.send('GET', `/s/${plain}?q=${PASSPHRASE}`);
  await client.send('POST', `/api/v1/secrets/${plain}/reveal`, { text: `{"passphrase":"${PASSPHRASE}` });
  await client.tryCreate({ content: CONTENT, nonsense: PASSPHRASE });
  await client.send('PATCH', `/api/v1/secrets/${plain}`, { json: { content: CONTENT } });
  await client.receipt(`${burnt.receiptToken}x`);
}

function expectNoTrace(text: string): void {
  const found = told.filter(({ spelled }) => spelled.some((form) => text.includes(form)));
  expect(found.map(({ what }) => what)).toEqual([]);
}

describe('after every kind of secret has lived and died', () => {
  it('MONITOR, SLOWLOG and the logs hold nothing that opens one', async () => {
    const monitor = await openMonitor(portal.redis.url);
    await live();
    const marker = createHash('sha256').update('marker').digest('hex');
    await portal.db.echo(marker);
    await until(() => monitor.text().includes(marker));
    monitor.stop();

    const heard = monitor.text();
    expect(heard.match(/"evalsha"/gi)?.length).toBeGreaterThan(3 * READERS);
    expectNoTrace(heard);
    expectNoTrace(unescaped(heard));

    const slow = JSON.stringify(await portal.db.call('SLOWLOG', 'GET', '100000'));
    expect(slow.match(/evalsha/gi)?.length).toBeGreaterThan(3 * READERS);
    expectNoTrace(slow);
    const raw = (await portal.db.callBuffer('SLOWLOG', 'GET', '100000')) as unknown[];
    expectNoTrace(
      raw
        .flat(5)
        .map((part) => (Buffer.isBuffer(part) ? part.toString('latin1') : String(part)))
        .join('\n'),
    );

    await Promise.all(portal.apps.map((app) => app.stop()));
    const logs = portal.apps.map((app) => app.output()).join('\n');
    expect(logs).toContain('/api/v1/secrets/:id/reveal');
    expectNoTrace(logs);
  });

  it('would have found one: the search itself works', () => {
    for (const { what, spelled } of told.slice(0, 30)) {
      for (const form of spelled) expect(() => expectNoTrace(`... ${form} ...`)).toThrow(what);
    }
  });
});
