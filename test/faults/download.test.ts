import { createHash, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';

import { afterEach, describe, expect, it } from '@jest/globals';

import { Client, newClaim } from '../int/kit/client.js';
import { fetchFiles, type Fetched } from '../int/kit/downloads.js';
import { storeFiles, randomFile } from '../int/kit/stored-files.js';
import { openPortal, until, type Portal } from '../int/kit/portal.js';
import { startApp, type TestApp } from '../support/app-process.js';

const MIB = 2 ** 20;
let portal: Portal | undefined;
afterEach(() => portal?.close());

async function again({ env, redis }: Portal, before: TestApp): Promise<TestApp> {
  const port = Number(new URL(before.url).port);
  return startApp({ env, dataDir: before.dataDir, redisUrl: redis.url, port });
}

/** Fetches until a number of bytes has arrived, and then has the server killed. */
async function fetchUntil(
  app: TestApp,
  id: string,
  claim: string,
  from: number,
  bytes: number,
): Promise<Fetched> {
  const headers = { range: `bytes=${from}-` };
  let killed: Promise<void> | undefined;
  const onProgress = (got: number): void => {
    if (got >= bytes) killed ??= app.kill9();
  };
  const got = await fetchFiles(app.url, id, { claim, headers, onProgress });
  await killed;
  return got;
}

describe('kill -9 of the app during a download', () => {
  it('three times: it resumes against the new process under the same claim, and nothing is left behind', async () => {
    portal = await openPortal({ env: { FILE_SWEEP_SECONDS: '1' } });
    const [first] = portal.apps;
    if (!first) throw new Error('no app');
    const file = randomFile(48 * MIB + 1);
    const { id, blobPath } = await storeFiles(portal, [file]);
    const claim = newClaim();
    const hash = createHash('sha256');
    let app = first;
    let at = 0;
    for (let time = 0; time < 3; time++) {
      const got = await fetchUntil(app, id, claim, at, randomInt(1, 4 * MIB));
      expect(got).toMatchObject({ status: 206, whole: false });
      hash.update(got.bytes);
      at += got.bytes.length;
      app = await again(portal, first);
      // No other client gets in through the gap.
      expect((await fetchFiles(app.url, id, { claim: newClaim() })).status).toBe(410);
    }
    expect(at).toBeLessThan(file.content.length);
    const rest = await fetchFiles(app.url, id, { claim, headers: { range: `bytes=${at}-` } });
    expect(rest).toMatchObject({ status: 206, whole: true });
    hash.update(rest.bytes);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(file.content).digest('hex'));
    const client = new Client(app.url);
    expect((await client.acknowledge(id, claim)).status).toBe(204);
    await until(() => !existsSync(blobPath));
    client.close();
    await app.stop();
  });

  it('and Redis away in the middle: the stream goes on, and the lease is renewed when Redis is back', async () => {
    portal = await openPortal({ env: { FILE_LEASE_SECONDS: '8' } });
    const { redis, client } = portal;
    const file = randomFile(40 * MIB);
    const { id } = await storeFiles(portal, [file]);
    const claim = newClaim();
    const started = performance.now();
    let outage: Promise<void> | undefined;
    const away = async (): Promise<void> => {
      await redis.kill9();
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      await redis.restart();
    };
    const got = await fetchFiles(client.url, id, {
      claim,
      bytesPerSecond: file.content.length / 12,
      onProgress: (bytes) => {
        if (bytes > MIB) outage ??= away();
      },
    });
    await outage;
    expect(performance.now() - started).toBeGreaterThan(11_000);
    expect(got.whole).toBe(true);
    expect(got.bytes.equals(file.content)).toBe(true);
    expect((await fetchFiles(client.url, id, { claim, headers: { range: 'bytes=-1' } })).status).toBe(206);
  });
});
