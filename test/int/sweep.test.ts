import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { storedLengthOf } from '../../src/crypto/chunks/chunk-format.js';
import { blobPaths } from '../../src/files/store/disk/disk-blob.files.js';
import { fileKeys } from '../../src/redis/redis-keys.js';
import { startApp } from '../support/app-process.js';
import { Client, newClaim } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { plantFiles, randomFile, type Planted } from './kit/planted.js';
import { caughtUp, metric, recordedRows } from './kit/recorded.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';

let portal: Portal | undefined;
afterEach(() => portal?.close());

async function open(env: Readonly<Record<string, string>> = {}): Promise<Portal> {
  portal = await openPortal({ env: { FILE_SWEEP_SECONDS: '1', ...env } });
  return portal;
}

interface Dropped {
  readonly ref: Buffer;
  readonly id: string;
  readonly path: string;
}

/** A blob, or the part of one, that was not planted. */
async function dropBlob({ apps, db }: Portal, { partial = false, upload = false } = {}): Promise<Dropped> {
  const ref = randomBytes(16);
  const id = ref.toString('hex');
  const paths = blobPaths(`${apps[0]?.dataDir ?? ''}/blobs`, id);
  const path = partial ? paths.partial : paths.finished;
  if (upload) await db.set(fileKeys(ref).upload, 'arriving');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, randomBytes(70_000), { mode: 0o600 });
  return { ref, id, path };
}

/** Two more rounds have ended: the first may have begun before whatever was done. */
async function roundsGoBy(each: Portal): Promise<void> {
  for (let n = 0; n < 2; n++) {
    const marker = await dropBlob(each);
    await until(() => !existsSync(marker.path));
  }
}

const isIndexed = async ({ db }: Portal, { ref, blobId }: Planted): Promise<boolean> =>
  (await db.sismember(fileKeys(ref).index, blobId)) === 1;

describe('the sweeper', () => {
  it('deletes blobs without an owner, whole or partial, and their folders', async () => {
    const house = await open();
    const orphans = [await dropBlob(house), await dropBlob(house, { partial: true }), await dropBlob(house)];
    await until(() => orphans.every(({ path }) => !existsSync(path) && !existsSync(dirname(path))));
    await until(async () => (await metric(house, 'burnbag_blobs_swept_total')) === orphans.length);
    const output = () => house.apps[0]?.output() ?? '';
    await until(() => orphans.every(({ id }) => output().includes(id)));
  });

  it('touches neither a secret nor an upload in progress', async () => {
    const house = await open();
    const file = randomFile(100_000);
    const planted = await plantFiles(house, [file]);
    const uploads = [
      await dropBlob(house, { partial: true, upload: true }),
      await dropBlob(house, { upload: true }),
    ];
    await roundsGoBy(house);
    expect(uploads.every(({ path }) => existsSync(path))).toBe(true);
    expect(existsSync(planted.blobPath)).toBe(true);
    expect(await isIndexed(house, planted)).toBe(true);
    // An upload that is given up, or waits too long, has no record any more.
    for (const { ref } of uploads) await house.db.del(fileKeys(ref).upload);
    await until(() => uploads.every(({ path }) => !existsSync(path)));
    const got = await fetchFiles(house.client.url, planted.id, { claim: newClaim() });
    expect(got.bytes.equals(file.content)).toBe(true);
  });

  it('deletes the blob of a secret that expired, and forgets it', async () => {
    const house = await open();
    const planted = await plantFiles(house, [randomFile(1_000)], { ttlSeconds: 3 });
    expect(existsSync(planted.blobPath)).toBe(true);
    await until(() => !existsSync(planted.blobPath));
    await until(async () => !(await isIndexed(house, planted)));
  });

  it('burns a secret whose blob is lost, says so in the trail, and leaves the others alone', async () => {
    const house = await open();
    const lost = await plantFiles(house, [randomFile(1_000)]);
    const kept = await plantFiles(house, [randomFile(1_000)]);
    rmSync(lost.blobPath);
    await until(async () => (await house.db.exists(keysOf(lost.id).record)) === 0);
    expect(await fetchFiles(house.client.url, lost.id, { claim: newClaim() })).toMatchObject({
      status: 410,
      code: 'secret_gone',
    });
    await until(async () => !(await isIndexed(house, lost)));
    // A round counts at its end.
    await until(async () => (await metric(house, 'burnbag_files_lost_total')) === 1);
    await caughtUp(house);
    const rows = (await recordedRows(house)).filter(({ ref }) => ref === lost.blobId);
    expect(rows.map(({ action, actor }) => [action, actor])).toEqual([
      ['created', 'anonymous'],
      ['burned', 'system'],
    ]);
    expect((await fetchFiles(house.client.url, kept.id, { claim: newClaim() })).status).toBe(200);
    const output = () => house.apps[0]?.output() ?? '';
    await until(() => output().includes(lost.blobId));
    expect(output()).not.toContain(lost.id);
  });

  it('sweeps at the start what a crash left', async () => {
    const house = await open({ FILE_SWEEP_SECONDS: '86400' });
    const [app] = house.apps;
    const planted = await plantFiles(house, [randomFile(1_000)]);
    const burnt = await plantFiles(house, [randomFile(1_000)]);
    await app?.kill9();
    // As if the process had died between the burn and the deletion.
    await house.db.del(keysOf(burnt.id).record);
    const orphan = await dropBlob(house, { partial: true });
    const port = Number(new URL(app?.url ?? '').port);
    const next = await startApp({
      env: { ...house.env },
      dataDir: app?.dataDir,
      redisUrl: house.redis.url,
      port,
    });
    await until(() => !existsSync(orphan.path) && !existsSync(burnt.blobPath));
    await until(async () => !(await isIndexed(house, burnt)));
    expect(existsSync(planted.blobPath)).toBe(true);
    const client = new Client(next.url);
    const stored = async () =>
      Number(/^burnbag_blob_bytes (.*)$/m.exec((await client.send('GET', '/metrics')).text)?.[1]);
    await until(async () => (await stored()) === storedLengthOf(1_000));
    expect((await fetchFiles(next.url, planted.id, { claim: newClaim() })).status).toBe(200);
    client.close();
    await next.stop();
  });

  it('waits while Redis is away, deletes nothing on a guess, and goes on when it is back', async () => {
    const house = await open();
    const planted = await plantFiles(house, [randomFile(1_000)]);
    await roundsGoBy(house);
    await house.redis.kill9();
    const orphan = await dropBlob(house);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(existsSync(orphan.path)).toBe(true);
    expect(existsSync(planted.blobPath)).toBe(true);
    await house.redis.restart();
    await until(() => !existsSync(orphan.path));
    expect(existsSync(planted.blobPath)).toBe(true);
  });
});
