import { randomInt } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim } from '../../int/kit/client.js';
import { fetchFiles, type Fetched, type Fetching } from '../../int/kit/downloads.js';
import { storeFiles, randomFile } from '../../int/kit/stored-files.js';
import { openBehindProxy, type ProxiedPortal } from '../../int/kit/proxied.js';
import { digest } from '../../support/chunk-kit.js';
import type { ReverseProxyKind } from '../../support/reverse-proxy.js';

const SIZE = 60_000_000;
/** FILE_LEASE_SECONDS. */
const LEASE = 8;
/** Of a reader who takes more than two leases for all of it. */
const SLOWLY = SIZE / (2.4 * LEASE);

/** Files of up to 60 MB that are fetched through a reverse proxy with its default settings. */
export function downloadsThrough(kind: ReverseProxyKind): void {
  describe(`downloads through ${kind}`, () => {
    let proxied: ProxiedPortal;
    beforeAll(async () => {
      proxied = await openBehindProxy({ kind, env: { FILE_LEASE_SECONDS: String(LEASE) } });
    });
    afterAll(() => proxied.close());

    const fetchThrough = (id: string, fetching: Fetching): Promise<Fetched> =>
      fetchFiles(proxied.proxy.url, id, fetching);

    it.concurrent('of 60 MB arrive whole', async () => {
      const file = randomFile(SIZE);
      const { id } = await storeFiles(proxied.portal, [file]);
      const got = await fetchThrough(id, { claim: newClaim() });
      expect(got).toMatchObject({ status: 200, whole: true });
      expect(digest(got.bytes)).toBe(digest(file.content));
    });

    it.concurrent('that break at random places go on under the same claim', async () => {
      const file = randomFile(20_000_000);
      const { id } = await storeFiles(proxied.portal, [file]);
      const claim = newClaim();
      const pieces: Buffer[] = [];
      let at = 0;
      for (const length of Array.from({ length: 6 }, () => randomInt(1, 3_000_000))) {
        const headers = { range: `bytes=${at}-` };
        const got = await fetchThrough(id, { claim, headers, cutAfter: length });
        expect(got.status).toBe(206);
        pieces.push(got.bytes.subarray(0, length));
        at += length;
      }
      const rest = await fetchThrough(id, { claim, headers: { range: `bytes=${at}-` } });
      expect(rest.whole).toBe(true);
      expect(digest(Buffer.concat([...pieces, rest.bytes]))).toBe(digest(file.content));
    });

    it.concurrent(
      'of a slow reader break after more than a lease, and go on under the same claim',
      async () => {
        const file = randomFile(SIZE);
        const { id } = await storeFiles(proxied.portal, [file]);
        const claim = newClaim();
        const cutAfter = Math.ceil(SLOWLY * 1.6 * LEASE);
        const first = await fetchThrough(id, { claim, bytesPerSecond: SLOWLY, cutAfter });
        expect(first.bytes.length).toBeGreaterThanOrEqual(cutAfter);
        const headers = { range: `bytes=${first.bytes.length}-` };
        const rest = await fetchThrough(id, { claim, headers });
        expect(rest).toMatchObject({ status: 206, whole: true });
        expect(digest(Buffer.concat([first.bytes, rest.bytes]))).toBe(digest(file.content));
      },
    );

    it.concurrent('of an archive arrive whole', async () => {
      const files = [randomFile(5_000_000, 'a'), randomFile(5_000_000, 'b')];
      const { id } = await storeFiles(proxied.portal, files);
      const got = await fetchThrough(id, { claim: newClaim() });
      expect(got).toMatchObject({ status: 200, whole: true });
      expect(got.headers['content-length']).toBe(String(got.bytes.length));
      expect(got.bytes.includes(files[1]?.content ?? '')).toBe(true);
    });
  });
}
