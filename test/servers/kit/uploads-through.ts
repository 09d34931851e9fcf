import { randomBytes } from 'node:crypto';
import http from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Upload } from 'tus-js-client';

import { Client, newClaim } from '../../int/kit/client.js';
import { cuttingProxy } from '../../int/kit/cutting-proxy.js';
import { fetchFiles } from '../../int/kit/downloads.js';
import { until } from '../../int/kit/portal.js';
import { openBehindProxy, type ProxiedPortal } from '../../int/kit/proxied.js';
import { created, sendForm, TusUpload } from '../../int/kit/uploads.js';
import { digest } from '../../support/chunk-kit.js';
import { freePort } from '../../support/free-port.js';
import { startReverseProxy, type ReverseProxyKind } from '../../support/reverse-proxy.js';

const MIB = 2 ** 20;
/** What the web app begins with: below nginx's 1 MiB. */
const PIECE = MIB / 2;
const CUTS = 6;

/** Files of up to 60 MB that are sent through a reverse proxy with its default settings. */
export function uploadsThrough(kind: ReverseProxyKind): void {
  describe(`uploads through ${kind}`, () => {
    let proxied: ProxiedPortal;
    beforeAll(async () => (proxied = await openBehindProxy({ kind })));
    afterAll(() => proxied.close());

    /** Of what the portal itself hands out, without the proxy. @throws unless it is whole */
    const storedDigest = async (id: string): Promise<string> => {
      const got = await fetchFiles(proxied.portal.client.url, id, { claim: newClaim() });
      if (!got.whole) throw new Error('the stored file broke off');
      return digest(got.bytes);
    };
    const complete = async (path: string, size: number): Promise<string> => {
      const json = { files: [{ name: 'a', size }] };
      return created(await proxied.client.send('POST', `${path}/complete`, { json })).id;
    };
    /** The library of the web app, in pieces. @returns the path of the upload */
    const sendByLibrary = (bytes: Buffer, url: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const upload = new Upload(bytes, {
          endpoint: `${url}/api/v1/uploads`,
          chunkSize: PIECE,
          retryDelays: Array.from({ length: 40 }, () => 100),
          onError: reject,
          onSuccess: () => resolve(new URL(upload.url ?? '').pathname),
        });
        upload.start();
      });

    it('of 60 MB arrive in pieces', async () => {
      const bytes = randomBytes(60_000_000);
      const upload = await TusUpload.begin(proxied.client, bytes.length);
      for (let at = 0; at < bytes.length; at += PIECE) {
        expect((await upload.patch(at, bytes.subarray(at, at + PIECE))).status).toBe(204);
      }
      expect(await storedDigest(await complete(upload.path, bytes.length))).toBe(digest(bytes));
    });

    it('go on after connections that break, from what had arrived', async () => {
      const bytes = randomBytes(12 * MIB);
      const port = Number(new URL(proxied.proxy.url).port);
      const line = await cuttingProxy(
        port,
        Array.from({ length: CUTS }, (_, n) => (n + 0.7) * PIECE),
      );
      const path = await sendByLibrary(bytes, `http://127.0.0.1:${line.port}`);
      line.close();
      expect(line.cuts).toBe(CUTS);
      expect(await storedDigest(await complete(path, bytes.length))).toBe(digest(bytes));
    });

    it('go on after a client that sent half a piece and is back at once', async () => {
      const bytes = randomBytes(2 * PIECE);
      const upload = await TusUpload.begin(proxied.client, bytes.length);
      const headers = {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': PIECE,
      };
      const request = http.request(proxied.proxy.url + upload.path, {
        method: 'PATCH',
        headers,
        agent: false,
      });
      request.on('error', () => undefined);
      await new Promise<void>((resolve) => request.write(bytes.subarray(0, PIECE / 2), () => resolve()));
      request.destroy();
      let at = await upload.offset();
      expect(at).toBeLessThan(PIECE);
      const patch = async () => (await upload.patch(at, bytes.subarray(at, at + PIECE))).status;
      let status = await patch();
      if (status === 409) {
        // The proxy delivered the first request only now: as the protocol says, the client asks again.
        at = await upload.offset();
        status = await patch();
      }
      for (; status === 204 && at + PIECE < bytes.length; status = await patch()) at += PIECE;
      expect(status).toBe(204);
      expect(await storedDigest(await complete(upload.path, bytes.length))).toBe(digest(bytes));
    });

    it('go on after the proxy was started again', async () => {
      const bytes = randomBytes(30 * MIB);
      const { upstream, port } = { upstream: proxied.portal.client.url, port: await freePort() };
      const first = await startReverseProxy({ upstream, port, kind });
      const sending = sendByLibrary(bytes, first.url);
      await until(async () => (await proxied.portal.db.keys('*:u:*')).length > 0);
      await first.stop();
      const second = await startReverseProxy({ upstream, port, kind });
      expect(await storedDigest(await complete(await sending, bytes.length))).toBe(digest(bytes));
      await second.stop();
    });

    it('of a form arrive whole, up to what the proxy takes', async () => {
      const limit = kind === 'nginx' ? MIB : 60_000_000;
      const body = randomBytes(limit - 1_000);
      const answer = await sendForm(proxied.client, [{ name: 'file', filename: 'a', body }]);
      expect(await storedDigest(created(answer).id)).toBe(digest(body));
    });

    it('of a form of 60 MB arrive whole once the proxy is told to take them', async () => {
      const directives = kind === 'nginx' ? ['client_max_body_size 0', 'proxy_request_buffering off'] : [];
      const wide = await startReverseProxy({ upstream: proxied.portal.client.url, kind, directives });
      const body = randomBytes(60_000_000);
      const client = new Client(wide.url);
      const answer = await sendForm(client, [{ name: 'file', filename: 'a', body }]);
      client.close();
      expect(await storedDigest(created(answer).id)).toBe(digest(body));
    });
  });
}
