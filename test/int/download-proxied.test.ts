import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { digest } from '../support/chunk-kit.js';
import { startReverseProxy } from '../support/reverse-proxy.js';
import { newClaim } from './kit/client.js';
import { fetchFiles, type Fetched } from './kit/downloads.js';
import { storeFiles, randomFile } from './kit/stored-files.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';

const MIB = 2 ** 20;
const SIZE = 60 * MIB;
const LEASE = 5;
/** The connection is cut after two leases, with four fifths of the file. */
const CUT_AFTER = 48 * MIB;
const RATE = CUT_AFTER / (2 * LEASE);
/** A proxy that buffers whatever the server says. */
const BUFFERING = ['proxy_ignore_headers X-Accel-Buffering'];
const file = randomFile(SIZE);
/** No time for what a proxy holds, so that nothing but what a test names keeps a lease. */
let strict: Portal;
let patient: Portal;

beforeAll(async () => {
  const env = { FILE_LEASE_SECONDS: String(LEASE) };
  [strict, patient] = await Promise.all([
    openPortal({ env: { ...env, DOWNLOAD_MIN_RATE: '1000000000' } }),
    openPortal({ env: { ...env, DOWNLOAD_MIN_RATE: String(4 * MIB) } }),
  ]);
});
afterAll(async () => {
  await Promise.all([strict.close(), patient.close()]);
});

const proxied = async (portal: Portal, directives: readonly string[] = []): Promise<string> =>
  (await startReverseProxy({ upstream: portal.client.url, directives })).url;

const renew = (portal: Portal, id: string, claim: string) =>
  portal.client.send('POST', `/api/v1/files/${id}/renew`, { json: { claim } });

/** As `curl -C -` does it: what came before the cut stays, the rest is asked for under the same claim. */
async function resume(url: string, id: string, claim: string, { bytes }: Fetched) {
  const rest = await fetchFiles(url, id, { claim, headers: { range: `bytes=${bytes.length}-` } });
  return { status: rest.status, whole: rest.whole, file: digest(Buffer.concat([bytes, rest.bytes])) };
}
const RESUMED = { status: 206, whole: true, file: digest(file.content) };

// Side by side: each waits for two leases, with a file of its own.
describe('a download that a slow reader takes through nginx', () => {
  it.concurrent(
    'goes on after a cut, since nginx with its defaults takes no more than its reader',
    async () => {
      const { id } = await storeFiles(strict, [file]);
      const claim = newClaim();
      const url = await proxied(strict);
      const cut = await fetchFiles(url, id, { claim, cutAfter: CUT_AFTER, bytesPerSecond: RATE });
      expect(cut).toMatchObject({ status: 200, whole: false });
      expect(await resume(url, id, claim, cut)).toEqual(RESUMED);
    },
  );

  it.concurrent(
    'goes on after a cut, though nginx took all of it at once, when the time is enough',
    async () => {
      const { id } = await storeFiles(patient, [file]);
      const claim = newClaim();
      const url = await proxied(patient, BUFFERING);
      const cut = await fetchFiles(url, id, { claim, cutAfter: CUT_AFTER, bytesPerSecond: RATE });
      expect(cut).toMatchObject({ status: 200, whole: false });
      expect(await resume(url, id, claim, cut)).toEqual(RESUMED);
    },
  );

  it.concurrent(
    'goes on after a cut, though nginx took all of it at once, when its reader renewed',
    async () => {
      const { id } = await storeFiles(strict, [file]);
      const claim = newClaim();
      const url = await proxied(strict, BUFFERING);
      const ends: number[] = [];
      let renewed = 0;
      const cut = await fetchFiles(url, id, {
        claim,
        cutAfter: CUT_AFTER,
        bytesPerSecond: RATE,
        onProgress: (bytes) => {
          if (bytes < (renewed + 1) * RATE) return;
          renewed += 1;
          void renew(strict, id, claim).then(({ body }) =>
            ends.push(Date.parse(String(body['leaseExpiresAt']))),
          );
        },
      });
      expect(ends.length).toBeGreaterThan(LEASE);
      expect((ends.at(-1) ?? 0) - (ends[0] ?? 0)).toBeGreaterThan(LEASE * 1_000);
      expect(cut).toMatchObject({ status: 200, whole: false });
      expect(await resume(url, id, claim, cut)).toEqual(RESUMED);
      expect((await strict.client.acknowledge(id, claim)).status).toBe(204);
      expect(await renew(strict, id, claim)).toMatchObject({ status: 410, body: { code: 'secret_gone' } });
    },
  );

  it.concurrent('is over when nothing renewed its lease', async () => {
    const { id } = await storeFiles(strict, [file]);
    const claim = newClaim();
    const url = await proxied(strict, BUFFERING);
    const fetching = fetchFiles(url, id, { claim, bytesPerSecond: RATE, cutAfter: CUT_AFTER });
    await until(async () => (await strict.db.exists(keysOf(id).record)) === 0, 4 * LEASE * 1_000);
    await delay(100);
    expect(await fetchFiles(url, id, { claim, headers: { range: 'bytes=9-' } })).toMatchObject({
      status: 410,
    });
    await fetching;
  });
});

describe('renewing a lease', () => {
  it('needs the claim that has it, and files', async () => {
    const { id } = await storeFiles(patient, [randomFile(10)], { maxViews: 2 });
    const claim = newClaim();
    const { client } = patient;
    expect(await renew(patient, id, claim)).toMatchObject({ status: 410, body: { code: 'lease_ended' } });
    await fetchFiles(client.url, id, { claim });
    expect(await renew(patient, id, claim)).toMatchObject({ status: 200 });
    expect(await renew(patient, id, newClaim())).toMatchObject({
      status: 410,
      body: { code: 'lease_ended' },
    });
    expect(await renew(patient, id, 'short')).toMatchObject({
      status: 400,
      body: { code: 'validation_failed' },
    });
    const text = await client.create();
    await client.reveal(text.id, { claim });
    expect(await renew(patient, text.id, claim)).toMatchObject({
      status: 404,
      body: { code: 'secret_not_found' },
    });
  });
});
