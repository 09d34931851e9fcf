import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim, type Answer, type Created } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { storeFiles, randomFile } from './kit/stored-files.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';

const LIMIT = 20;
const CLAIM_LIMIT = 5;
const PASSPHRASE = 'correct horse battery';
const MISSING = '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11';
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({
    apps: 2,
    env: {
      RATE_LIMIT: 'on',
      RATE_LIMIT_REVEAL: String(LIMIT),
      RATE_LIMIT_TRANSFER: String(LIMIT),
      RATE_LIMIT_STATUS: String(LIMIT),
      RATE_LIMIT_CREATE: '10000',
      RATE_LIMIT_CLAIM: String(CLAIM_LIMIT),
      TRUST_PROXY: 'loopback',
      PASSPHRASE_ATTEMPTS: '3',
    },
  });
});
afterAll(() => portal.close());

/** Everything below comes from one address for each test, as from one office. */
let office = 0;
function newOffice() {
  office += 1;
  const headers = { 'X-Forwarded-For': `203.0.113.${office}` };
  const send = (method: string, path: string, json?: unknown, more = {}, at = 0): Promise<Answer> =>
    (portal.clients[at] ?? portal.client).send(method, `/api/v1${path}`, {
      ...(json !== undefined && { json }),
      headers: { ...headers, ...more },
    });
  const reveal = (id: string, json: unknown, at = 0) => send('POST', `/secrets/${id}/reveal`, json, {}, at);
  return {
    headers,
    send,
    reveal,
    acknowledge: (id: string, claim: string) => send('POST', `/secrets/${id}/acknowledge`, { claim }),
    status: (id: string, more = {}) => send('GET', `/secrets/${id}/status`, undefined, more),
    /** Others send requests until their kind is blocked for this address. */
    async isFlooded(): Promise<void> {
      const others = Array.from({ length: 3 * LIMIT }, () => send('GET', `/secrets/${MISSING}`));
      expect((await Promise.all(others)).filter(({ status }) => status === 429)).not.toHaveLength(0);
      expect((await reveal(MISSING, { claim: newClaim() })).status).toBe(429);
    },
  };
}

const codes = (answers: readonly Answer[]) => answers.map(({ status }) => status).toSorted();
const many = (count: number, ask: (n: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, n) => ask(n)));

async function opened(from: ReturnType<typeof newOffice>, fields = {}): Promise<[Created, string]> {
  const made = await portal.client.create({ content: 'kept', ...fields });
  const claim = newClaim();
  const passphrase = 'passphrase' in fields ? { passphrase: PASSPHRASE } : {};
  expect((await from.reveal(made.id, { claim, ...passphrase })).status).toBe(200);
  return [made, claim];
}

describe('a reader whose address others have blocked', () => {
  it('fetches the view again under the claim, and acknowledges it', async () => {
    const from = newOffice();
    const [{ id }, claim] = await opened(from);
    await from.isFlooded();
    expect(await from.reveal(id, { claim })).toMatchObject({ status: 200, body: { content: 'kept' } });
    expect((await from.acknowledge(id, claim)).status).toBe(204);
    expect(await portal.db.exists(keysOf(id).record)).toBe(0);
  });

  it('downloads files on under the claim, and keeps their lease', async () => {
    const from = newOffice();
    const file = randomFile(100_000);
    const { id } = await storeFiles(portal, [file]);
    const claim = newClaim();
    const { headers } = from;
    const first = await fetchFiles(portal.client.url, id, { claim, headers, cutAfter: 1 });
    expect(first.status).toBe(200);
    const others = Array.from({ length: 2 * LIMIT }, () =>
      fetchFiles(portal.client.url, MISSING, { claim: newClaim(), headers }),
    );
    expect((await Promise.all(others)).map(({ status }) => status)).toContain(429);
    const rest = await fetchFiles(portal.client.url, id, {
      claim,
      headers: { ...headers, range: 'bytes=9-' },
    });
    expect(rest).toMatchObject({ status: 206, bytes: file.content.subarray(9) });
    expect((await from.send('POST', `/files/${id}/renew`, { claim })).status).toBe(200);
  });

  it('sees the state of what the claim has opened', async () => {
    const from = newOffice();
    const [{ id }, claim] = await opened(from);
    await many(2 * LIMIT, () => from.status(MISSING));
    expect((await from.status(id)).status).toBe(429);
    expect(await from.status(id, { 'X-Claim': claim })).toMatchObject({
      status: 200,
      body: { state: 'claimed' },
    });
  });

  it('has a small limit of its own, one over all processes, which ends long before the lease', async () => {
    const from = newOffice();
    const [{ id }, claim] = await opened(from);
    await from.isFlooded();
    const answers = await many(3 * CLAIM_LIMIT, (n) => from.reveal(id, { claim }, n % 2));
    expect(codes(answers)).toEqual([...Array(CLAIM_LIMIT).fill(200), ...Array(2 * CLAIM_LIMIT).fill(429)]);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(10);
    await until(async () => (await from.reveal(id, { claim })).status === 200, 30_000);
  });
});

describe('a claim that has no lease on the secret', () => {
  it('passes no limit: not one that was made up, and not one of another secret', async () => {
    const from = newOffice();
    const [, claim] = await opened(from);
    const other = await portal.client.create();
    await from.isFlooded();
    expect(codes(await many(10, () => from.reveal(other.id, { claim: newClaim() })))).toEqual(
      Array(10).fill(429),
    );
    expect((await from.reveal(other.id, { claim })).status).toBe(429);
    expect((await from.acknowledge(other.id, claim)).status).toBe(429);
    expect((await from.status(other.id)).body).toMatchObject({ state: 'live' });
  });

  it('counts in the limit of the address', async () => {
    const from = newOffice();
    const { id } = await portal.client.create({ maxViews: 100 });
    const answers = await many(2 * LIMIT, () => from.reveal(id, { claim: newClaim() }));
    expect(codes(answers)).toEqual([...Array(LIMIT).fill(200), ...Array(LIMIT).fill(429)]);
  });

  it('guesses no passphrase past the limit', async () => {
    const from = newOffice();
    const [{ id }, claim] = await opened(from, { passphrase: PASSPHRASE, maxViews: 2 });
    await from.isFlooded();
    const guess = { claim: newClaim(), passphrase: 'wrong' };
    expect(codes(await many(6, () => from.reveal(id, guess)))).toEqual(Array(6).fill(429));
    // Not one was looked at: its reader opens it at once.
    expect((await newOffice().reveal(id, { passphrase: PASSPHRASE, claim })).status).toBe(200);
  });

  it('is one whose lease was acknowledged', async () => {
    const from = newOffice();
    const [{ id }, claim] = await opened(from, { maxViews: 2 });
    await from.isFlooded();
    expect((await from.acknowledge(id, claim)).status).toBe(204);
    expect((await from.reveal(id, { claim })).status).toBe(429);
    expect((await from.acknowledge(id, claim)).status).toBe(429);
  });

  it('leaves no key in Redis, and malformed ones cause no error', async () => {
    const from = newOffice();
    const { id } = await portal.client.create();
    await from.isFlooded();
    const before = (await portal.db.keys('*:l:claim:*')).length;
    for (const claim of ['', 'x', 7, null, {}, ['x'], 'A'.repeat(2_000)])
      expect((await from.reveal(id, { claim })).status).toBe(429);
    expect((await from.reveal('no-id', { claim: newClaim() })).status).toBe(429);
    expect((await from.send('POST', `/secrets/${id}/reveal`, [newClaim()])).status).toBe(429);
    await many(10, () => from.reveal(id, { claim: newClaim() }));
    expect(await portal.db.keys('*:l:claim:*')).toHaveLength(before);
  });
});

it('each answer of 429 is counted once', async () => {
  const refusals = async () => {
    const hours = await Promise.all((await portal.db.keys('*:refused')).map((key) => portal.db.hvals(key)));
    return hours.flat().reduce((sum, hits) => sum + Number(hits), 0);
  };
  const from = newOffice();
  const [{ id }, claim] = await opened(from);
  const before = await refusals();
  const strangers = await many(2 * LIMIT, () => from.reveal(MISSING, { claim: newClaim() }));
  const retries = await many(2 * CLAIM_LIMIT, () => from.reveal(id, { claim }));
  const refused = codes([...strangers, ...retries]).filter((status) => status === 429).length;
  expect(refused).toBeGreaterThan(CLAIM_LIMIT);
  expect((await refusals()) - before).toBe(refused);
});
