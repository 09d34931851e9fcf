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
import { storeFiles, randomFile, type StoredFiles } from './kit/stored-files.js';
import { caughtUp, metric, recordedRows } from './kit/recorded.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';

let opened: Portal | undefined;
afterEach(() => opened?.close());

async function open(env: Readonly<Record<string, string>> = {}): Promise<Portal> {
  opened = await openPortal({ env: { FILE_SWEEP_SECONDS: '1', ...env } });
  return opened;
}

interface Dropped {
  readonly ref: Buffer;
  readonly id: string;
  readonly path: string;
}

/** A blob, or the part of one, that was not kept. */
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

const isIndexed = async ({ db }: Portal, { ref, blobId }: StoredFiles): Promise<boolean> =>
  (await db.sismember(fileKeys(ref).index, blobId)) === 1;

describe('the sweeper', () => {
  it('deletes blobs without an owner, whole or partial, and their folders', async () => {
    const portal = await open();
    const orphans = [
      await dropBlob(portal),
      await dropBlob(portal, { partial: true }),
      await dropBlob(portal),
    ];
    await until(() => orphans.every(({ path }) => !existsSync(path) && !existsSync(dirname(path))));
    await until(async () => (await metric(portal, 'burnbag_blobs_swept_total')) === orphans.length);
    const output = () => portal.apps[0]?.output() ?? '';
    await until(() => orphans.every(({ id }) => output().includes(id)));
  });

  it('touches neither a secret nor an upload in progress', async () => {
    const portal = await open();
    const file = randomFile(100_000);
    const kept = await storeFiles(portal, [file]);
    const uploads = [
      await dropBlob(portal, { partial: true, upload: true }),
      await dropBlob(portal, { upload: true }),
    ];
    await roundsGoBy(portal);
    expect(uploads.every(({ path }) => existsSync(path))).toBe(true);
    expect(existsSync(kept.blobPath)).toBe(true);
    expect(await isIndexed(portal, kept)).toBe(true);
    // An upload that is given up, or waits too long, has no record any more.
    for (const { ref } of uploads) await portal.db.del(fileKeys(ref).upload);
    await until(() => uploads.every(({ path }) => !existsSync(path)));
    const got = await fetchFiles(portal.client.url, kept.id, { claim: newClaim() });
    expect(got.bytes.equals(file.content)).toBe(true);
  });

  it('deletes the blob of a secret that expired, and forgets it', async () => {
    const portal = await open();
    const kept = await storeFiles(portal, [randomFile(1_000)], { ttlSeconds: 3 });
    expect(existsSync(kept.blobPath)).toBe(true);
    await until(() => !existsSync(kept.blobPath));
    await until(async () => !(await isIndexed(portal, kept)));
  });

  it('burns a secret whose blob is lost, says so in the trail, and leaves the others alone', async () => {
    const portal = await open();
    const lost = await storeFiles(portal, [randomFile(1_000)]);
    const kept = await storeFiles(portal, [randomFile(1_000)]);
    rmSync(lost.blobPath);
    await until(async () => (await portal.db.exists(keysOf(lost.id).record)) === 0);
    expect(await fetchFiles(portal.client.url, lost.id, { claim: newClaim() })).toMatchObject({
      status: 410,
      code: 'secret_gone',
    });
    await until(async () => !(await isIndexed(portal, lost)));
    // A round counts at its end.
    await until(async () => (await metric(portal, 'burnbag_files_lost_total')) === 1);
    await caughtUp(portal);
    const rows = (await recordedRows(portal)).filter(({ ref }) => ref === lost.blobId);
    expect(rows.map(({ action, actor }) => [action, actor])).toEqual([
      ['created', 'anonymous'],
      ['burned', 'system'],
    ]);
    expect((await fetchFiles(portal.client.url, kept.id, { claim: newClaim() })).status).toBe(200);
    const output = () => portal.apps[0]?.output() ?? '';
    await until(() => output().includes(lost.blobId));
    expect(output()).not.toContain(lost.id);
  });

  it('sweeps at the start what a crash left', async () => {
    const portal = await open({ FILE_SWEEP_SECONDS: '86400' });
    const [app] = portal.apps;
    const kept = await storeFiles(portal, [randomFile(1_000)]);
    const burnt = await storeFiles(portal, [randomFile(1_000)]);
    await app?.kill9();
    // As if the process had died between the burn and the deletion.
    await portal.db.del(keysOf(burnt.id).record);
    const orphan = await dropBlob(portal, { partial: true });
    const port = Number(new URL(app?.url ?? '').port);
    const next = await startApp({
      env: { ...portal.env },
      dataDir: app?.dataDir,
      redisUrl: portal.redis.url,
      port,
    });
    await until(() => !existsSync(orphan.path) && !existsSync(burnt.blobPath));
    await until(async () => !(await isIndexed(portal, burnt)));
    expect(existsSync(kept.blobPath)).toBe(true);
    const client = new Client(next.url);
    const storedBytes = async () =>
      Number(/^burnbag_blob_bytes (.*)$/m.exec((await client.send('GET', '/metrics')).text)?.[1]);
    await until(async () => (await storedBytes()) === storedLengthOf(1_000));
    expect((await fetchFiles(next.url, kept.id, { claim: newClaim() })).status).toBe(200);
    client.close();
    await next.stop();
  });

  it('waits while Redis is away, deletes nothing on a guess, and goes on when it is back', async () => {
    const portal = await open();
    const kept = await storeFiles(portal, [randomFile(1_000)]);
    await roundsGoBy(portal);
    await portal.redis.kill9();
    const orphan = await dropBlob(portal);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(existsSync(orphan.path)).toBe(true);
    expect(existsSync(kept.blobPath)).toBe(true);
    await portal.redis.restart();
    await until(() => !existsSync(orphan.path));
    expect(existsSync(kept.blobPath)).toBe(true);
  });
});
