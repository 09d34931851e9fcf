import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { blobPaths } from '../../src/files/store/disk/disk-blob.files.js';
import { digest } from '../support/chunk-kit.js';
import { newClaim, type Client } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { storeFiles, randomFile } from './kit/stored-files.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { blobFiles, CHUNK, created, sendForm, tryBegin, TusUpload } from './kit/uploads.js';

const bytes = randomBytes(3 * CHUNK + 5);
const manifest = { files: [{ name: 'a.bin', size: bytes.length }] };
const ELSEWHERE = { status: 503, body: { code: 'files_elsewhere' } };
let portal: Portal;
/** Two copies of one Redis, each with a disk of its own; the files are with the first. */
let first: Client;
let second: Client;

beforeAll(async () => {
  portal = await openPortal({ apps: 2, env: { FILE_SWEEP_SECONDS: '1' } });
  [first, second] = portal.clients as [Client, Client];
  await TusUpload.begin(first, 1);
});
afterAll(() => portal.close());

/** A blob that belongs to no secret was left on both disks now, and is swept. */
async function sweepGoesBy(): Promise<void> {
  const paths = portal.apps.map(({ dataDir }) =>
    blobPaths(`${dataDir}/blobs`, randomBytes(16).toString('hex')),
  );
  for (const { folder, finished } of paths) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(finished, randomBytes(10));
  }
  await until(() => paths.every(({ finished }) => !existsSync(finished)));
}

describe('a copy that has another disk than the one with the files', () => {
  it('refuses each step of an upload, which then goes on where it began', async () => {
    const upload = await TusUpload.begin(first, bytes.length);
    const elsewhere = upload.through(second);
    expect(await tryBegin(second, bytes.length)).toMatchObject(ELSEWHERE);
    expect(await elsewhere.patch(0, bytes)).toMatchObject(ELSEWHERE);
    expect((await elsewhere.head()).status).toBe(503);
    expect(await elsewhere.giveUp()).toMatchObject(ELSEWHERE);
    expect((await upload.patch(0, bytes.subarray(0, CHUNK))).status).toBe(204);
    expect(await elsewhere.patch(CHUNK, bytes.subarray(CHUNK))).toMatchObject(ELSEWHERE);
    expect((await upload.patch(CHUNK, bytes.subarray(CHUNK))).status).toBe(204);
    expect(await elsewhere.complete(manifest)).toMatchObject(ELSEWHERE);
    const { id } = created(await upload.complete(manifest));
    expect(await elsewhere.complete(manifest)).toMatchObject(ELSEWHERE);
    const got = await fetchFiles(first.url, id, { claim: newClaim() });
    expect(digest(got.bytes)).toBe(digest(bytes));
    expect(blobFiles(portal.apps[1]?.dataDir ?? '')).toEqual([]);
  });

  it('refuses a form', async () => {
    const answer = await sendForm(second, [{ name: 'file', filename: 'a', body: 'x' }]);
    expect(answer).toMatchObject(ELSEWHERE);
    expect(blobFiles(portal.apps[1]?.dataDir ?? '')).toEqual([]);
  });

  it('hands nothing out and spends no view, and its sweeper burns nothing', async () => {
    const file = randomFile(100_000);
    const { id } = await storeFiles(portal, [file]);
    const claim = newClaim();
    expect(await fetchFiles(second.url, id, { claim })).toMatchObject({
      status: 503,
      code: 'files_elsewhere',
    });
    expect(await second.reveal(id, { claim })).toMatchObject(ELSEWHERE);
    expect(await second.get(id)).toMatchObject(ELSEWHERE);
    for (let round = 0; round < 3; round++) await sweepGoesBy();
    expect((await second.status(id)).body).toMatchObject({ state: 'live', viewsLeft: 1 });
    const got = await fetchFiles(first.url, id, { claim });
    expect(digest(got.bytes)).toBe(digest(file.content));
    // Under a live claim, too.
    expect(await fetchFiles(second.url, id, { claim })).toMatchObject({
      status: 503,
      code: 'files_elsewhere',
    });
    expect(await second.reveal(id, { claim })).toMatchObject(ELSEWHERE);
    expect((await first.acknowledge(id, claim)).status).toBe(204);
    expect((await second.reveal(id, { claim })).status).toBe(410);
  });

  it('opens texts', async () => {
    const text = await first.create({ content: 'a text' });
    expect(await second.reveal(text.id, { claim: newClaim() })).toMatchObject({
      status: 200,
      body: { content: 'a text' },
    });
  });
});
