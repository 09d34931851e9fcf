import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { startApp, type TestApp } from '../support/app-process.js';
import { createOwnDatabase } from '../support/own-database.js';
import { mountSmallDisk } from '../support/small-disk.js';
import { Client, newClaim } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { newKeys, until } from './kit/portal.js';
import { created, sendForm, tryBegin, TusUpload } from './kit/uploads.js';

const MIB = 2 ** 20;
const DISK = 64 * MIB;
const RESERVE = 16 * MIB;
const PIECE = 4 * MIB;
const TEXTS = 20;
const FULL = { status: 507, body: { code: 'storage_full' } };
/** More than any disk has. */
const EVERYTHING = String(2 ** 50);

const file = (bytes: number) => [{ name: 'file', filename: 'a.bin', body: randomBytes(bytes) }];

interface Stored {
  readonly texts: readonly string[];
  readonly files: readonly string[];
  readonly unfinished: TusUpload;
}

async function store(client: Client): Promise<Stored> {
  const texts = await Promise.all(Array.from({ length: TEXTS }, () => client.create()));
  const forms = await Promise.all([1, 2].map(() => sendForm(client, file(10))));
  return {
    texts: texts.map(({ id }) => id),
    files: forms.map((answer) => created(answer).id),
    unfinished: await TusUpload.begin(client, PIECE),
  };
}

async function expectNothingNew(client: Client): Promise<void> {
  expect(await client.tryCreate({ content: 'x' })).toMatchObject(FULL);
  expect(await client.tryCreate({ content: 'x', passphrase: 'p' })).toMatchObject(FULL);
  expect(await tryBegin(client, 1)).toMatchObject(FULL);
  expect(await sendForm(client, file(10))).toMatchObject(FULL);
}

async function expectOpeningAndBurning(
  client: Client,
  { texts, files }: Stored,
  from: number,
): Promise<void> {
  for (const [n, id] of texts.slice(from, from + TEXTS / 2).entries()) {
    const claim = newClaim();
    if (n % 3 === 0) expect((await client.burn(id)).status).toBe(204);
    else if (n % 3 === 1) expect((await client.get(id)).body).toMatchObject({ content: 'a secret' });
    else {
      expect((await client.reveal(id, { claim })).status).toBe(200);
      expect((await client.acknowledge(id, claim)).status).toBe(204);
    }
  }
  const id = files[from === 0 ? 0 : 1] ?? '';
  const claim = newClaim();
  expect(await fetchFiles(client.url, id, { claim })).toMatchObject({ status: 200, whole: true });
  expect((await client.acknowledge(id, claim)).status).toBe(204);
  expect((await client.send('GET', '/health/ready')).status).toBe(200);
}

/** An app with a Redis, and files, of its own in this folder; its database is elsewhere. */
async function openPortalIn(dataDir: string) {
  const database = await createOwnDatabase();
  const shared = { BURNBAG_KEYS: newKeys(), DATABASE_URL: database.url, FILE_SWEEP_SECONDS: '1' };
  let app: TestApp | undefined;
  let client: Client | undefined;
  const start = async (reserve: string): Promise<Client> => {
    await app?.stop();
    client?.close();
    app = await startApp({ dataDir, env: { ...shared, DISK_RESERVE_BYTES: reserve } });
    return (client = new Client(app.url));
  };
  const close = async (): Promise<void> => {
    client?.close();
    await app?.stop();
    await database.drop();
  };
  return { start, close, kill: async () => app?.kill9() };
}

describe('a disk that is down to its reserve', () => {
  const folder = mkdtempSync(join(tmpdir(), 'burnbag-reserve-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes nothing new, while opening and burning go on', async () => {
    const portal = await openPortalIn(folder);
    const stored = await store(await portal.start('0'));
    const client = await portal.start(EVERYTHING);
    await expectNothingNew(client);
    expect(await stored.unfinished.through(client).patch(0, randomBytes(PIECE))).toMatchObject(FULL);
    await expectOpeningAndBurning(client, stored, 0);
    const { text } = await client.send('GET', '/metrics');
    expect(Number(/^burnbag_disk_free_bytes (.*)$/m.exec(text)?.[1])).toBeGreaterThan(0);
    const again = await portal.start('0');
    await expectOpeningAndBurning(again, stored, TEXTS / 2);
    expect((await again.tryCreate({ content: 'x' })).status).toBe(201);
    await portal.close();
  });
});

const mounted = mountSmallDisk(DISK);
// Where nothing can be mounted, the same is tried above with a reserve that no disk has.
if (mounted === undefined) console.warn('no small file system: this process may not mount one');

(mounted === undefined ? describe.skip : describe)('a real file system of 64 MB that fills', () => {
  it('keeps its Redis: creation stops in time, reading survives a crash, and room is used again', async () => {
    const portal = await openPortalIn(mounted ?? '');
    let client = await portal.start(String(RESERVE));
    const stored = await store(client);
    const fillers: string[] = [];
    for (;;) {
      const answer = await sendForm(client, file(PIECE));
      if (answer.status === 507) break;
      fillers.push(created(answer).id);
    }
    expect(fillers.length).toBeGreaterThan(3);
    expect(fillers.length * PIECE).toBeLessThan(DISK - RESERVE);
    // What is smaller than a chunk finds the last room; then there is none.
    await until(async () => (await client.tryCreate({ content: 'x'.repeat(200_000) })).status === 507);
    await expectNothingNew(client);
    expect(await stored.unfinished.through(client).patch(0, randomBytes(PIECE))).toMatchObject(FULL);
    await expectOpeningAndBurning(client, stored, 0);
    await portal.kill();
    client = await portal.start(String(RESERVE));
    await expectNothingNew(client);
    await expectOpeningAndBurning(client, stored, TEXTS / 2);
    for (const id of fillers) expect((await client.burn(id)).status).toBe(204);
    await until(async () => (await client.tryCreate({ content: 'x' })).status === 201);
    expect((await sendForm(client, file(PIECE))).status).toBe(201);
    await portal.close();
  });
});
