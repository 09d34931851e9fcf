import { existsSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim } from '../int/kit/client.js';
import { fetchFiles, type Fetched } from '../int/kit/downloads.js';
import { storeFiles, randomFile, type StoredFile } from '../int/kit/stored-files.js';
import { keysOf, openPortal, until, type Portal } from '../int/kit/portal.js';
import { digest } from '../support/chunk-kit.js';

const READERS = 50;
const ROUNDS = 10;
let portal: Portal;

beforeAll(async () => (portal = await openPortal()));
afterAll(() => portal.close());

/** All readers at once, each with a claim of its own. */
function requests(id: string, fetching: { index?: number } = {}): Promise<{ claim: string; got: Fetched }[]> {
  return Promise.all(
    Array.from({ length: READERS }, async () => {
      const claim = newClaim();
      return { claim, got: await fetchFiles(portal.client.url, id, { claim, ...fetching }) };
    }),
  );
}

async function expectWinners(files: readonly StoredFile[], maxViews: number, fetching = {}): Promise<void> {
  const { id, blobPath } = await storeFiles(portal, files, { maxViews });
  const shots = await requests(id, fetching);
  const winners = shots.filter(({ got }) => got.status === 200);
  expect(winners).toHaveLength(maxViews);
  expect(shots.filter(({ got }) => got.status === 410 && got.code === 'secret_gone')).toHaveLength(
    READERS - maxViews,
  );
  for (const { got } of winners) {
    expect(got.whole).toBe(true);
    if (files.length === 1) expect(digest(got.bytes)).toBe(digest(files[0]?.content ?? Buffer.alloc(0)));
  }
  // Only the winner may fetch it again; then it is gone for all clients, with its blob.
  const again = await Promise.all(
    shots.map(async ({ claim, got }) => ({
      won: got.status === 200,
      status: (await fetchFiles(portal.client.url, id, { claim, ...fetching })).status,
    })),
  );
  for (const { won, status } of again) expect(status).toBe(won ? 200 : 410);
  for (const { claim } of winners) expect((await portal.client.acknowledge(id, claim)).status).toBe(204);
  expect(await portal.db.exists(keysOf(id).record)).toBe(0);
  await until(() => !existsSync(blobPath));
  expect((await requests(id, fetching)).every(({ got }) => got.status === 410)).toBe(true);
}

describe(`of ${READERS} claims at once, in ${ROUNDS} rounds`, () => {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

  it('one downloads the file', async () => {
    for (const round of rounds) await expectWinners([randomFile(100_000 + round)], 1);
  });

  it('one downloads the archive', async () => {
    for (const round of rounds) await expectWinners([randomFile(70_000), randomFile(round)], 1);
  });

  it('one downloads one of several files', async () => {
    for (const round of rounds) await expectWinners([randomFile(10), randomFile(round)], 1, { index: 0 });
  });

  it('three download a file of three views', async () => {
    for (const round of rounds) await expectWinners([randomFile(100_000 + round)], 3);
  });
});

it('a reveal and downloads under one claim are one view', async () => {
  const { id } = await storeFiles(portal, [randomFile(1_000)], { maxViews: 2 });
  const claim = newClaim();
  const [revealed, ...got] = await Promise.all([
    portal.client.reveal(id, { claim }),
    ...Array.from({ length: 20 }, () => fetchFiles(portal.client.url, id, { claim })),
  ]);
  expect([revealed.status, ...got.map(({ status }) => status)]).toEqual(
    Array.from({ length: 21 }, () => 200),
  );
  expect((await portal.client.status(id)).body).toMatchObject({ viewsLeft: 1 });
});
