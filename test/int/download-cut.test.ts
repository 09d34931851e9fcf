import { createHash, randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import http from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { digest } from '../support/chunk-kit.js';
import { openFiles } from '../support/process-facts.js';
import { newClaim } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { storeFiles, randomFile } from './kit/stored-files.js';
import { openPortal, until, type Portal } from './kit/portal.js';

const MIB = 2 ** 20;
let portal: Portal;

beforeAll(async () => (portal = await openPortal()));
afterAll(() => portal.close());

/** Whether the app has this file open. */
function isOpen(path: string): boolean {
  return openFiles(portal.apps[0]?.pid ?? 0).some((file) => file.startsWith(path));
}

/** A client that reads nothing of the body until it is told to. */
async function openSlowly(id: string, claim: string): Promise<http.IncomingMessage> {
  const url = `${portal.client.url}/api/v1/files/${id}`;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get(url, { headers: { 'x-claim': claim }, agent: false }, resolve).on('error', reject);
  });
  return response.pause();
}

describe('a download that breaks', () => {
  it('at ten random places goes on by Range under the same claim, and the hash agrees', async () => {
    const file = randomFile(10 * MIB + 1);
    const { id } = await storeFiles(portal, [file]);
    const claim = newClaim();
    const hash = createHash('sha256');
    const places = Array.from({ length: 10 }, () => randomInt(file.content.length)).sort((a, b) => a - b);
    let at = 0;
    let cuts = 0;
    for (const place of places) {
      const range = `bytes=${at}-`;
      const cutAfter = Math.max(1, place - at);
      const got = await fetchFiles(portal.client.url, id, { claim, headers: { range }, cutAfter });
      expect(got.status).toBe(206);
      if (!got.whole) cuts += 1;
      // As a browser that was cut off keeps it: up to any byte.
      const kept = got.bytes.subarray(0, cutAfter);
      hash.update(kept);
      at += kept.length;
    }
    const rest = await fetchFiles(portal.client.url, id, { claim, headers: { range: `bytes=${at}-` } });
    hash.update(rest.bytes);
    expect(rest.whole).toBe(true);
    expect(cuts).toBeGreaterThan(5);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(file.content).digest('hex'));
  });

  it('may come in eight parts at once, as download managers do it', async () => {
    const file = randomFile(9 * MIB + 5);
    const { id } = await storeFiles(portal, [file]);
    const claim = newClaim();
    const size = Math.ceil(file.content.length / 8);
    const parts = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const range = `bytes=${n * size}-${(n + 1) * size - 1}`;
        return fetchFiles(portal.client.url, id, { claim, headers: { range } });
      }),
    );
    expect(parts.every(({ status, whole }) => status === 206 && whole)).toBe(true);
    expect(digest(Buffer.concat(parts.map(({ bytes }) => bytes)))).toBe(digest(file.content));
  });

  it('lets go of its blob at once, one file or a zip', async () => {
    for (const files of [[randomFile(32 * MIB)], [randomFile(16 * MIB), randomFile(16 * MIB)]]) {
      const { id, blobPath } = await storeFiles(portal, files);
      const response = await openSlowly(id, newClaim());
      await until(() => isOpen(blobPath));
      response.destroy();
      await until(() => !isOpen(blobPath), 20_000);
    }
  });
});

describe('a slow reader', () => {
  it('is not read ahead for: a hundred of them take no memory to speak of', async () => {
    const { id } = await storeFiles(portal, [randomFile(64 * MIB)], { maxViews: 100 });
    const rss = async (): Promise<number> => {
      const { text } = await portal.client.send('GET', '/metrics');
      return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]);
    };
    const claims = Array.from({ length: 100 }, newClaim);
    const warm = await openSlowly(id, claims[0] ?? '');
    const before = await rss();
    const readers = await Promise.all(claims.slice(1).map((claim) => openSlowly(id, claim)));
    expect(readers.every(({ statusCode }) => statusCode === 200)).toBe(true);
    expect((await rss()) - before).toBeLessThan(100 * MIB);
    for (const reader of [warm, ...readers]) reader.destroy();
  });

  it('still gets all of it when the secret is burnt meanwhile, or sees the connection break', async () => {
    const file = randomFile(48 * MIB);
    const { id, blobPath } = await storeFiles(portal, [file], { maxViews: 2 });
    const response = await openSlowly(id, newClaim());
    expect((await portal.client.burn(id)).status).toBe(204);
    await until(() => !existsSync(blobPath));
    const pieces: Buffer[] = [];
    let broke = false;
    try {
      for await (const piece of response) pieces.push(piece as Buffer);
    } catch {
      broke = true;
    }
    const got = Buffer.concat(pieces);
    if (broke) expect(got.length).toBeLessThan(file.content.length);
    else expect(digest(got)).toBe(digest(file.content));
    expect(digest(got)).toBe(digest(file.content.subarray(0, got.length)));
  });
});

it('a cut zip is recognised as incomplete', async () => {
  const { id } = await storeFiles(portal, [
    { name: 'a', content: randomBytes(4 * MIB) },
    { name: 'b', content: randomBytes(4 * MIB) },
  ]);
  const got = await fetchFiles(portal.client.url, id, { claim: newClaim(), cutAfter: 100_000 });
  expect(got).toMatchObject({ status: 200, whole: false });
});
