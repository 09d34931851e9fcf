import { jest } from '@jest/globals';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { everythingIn, GRAIN, newDataDir, patternBytes } from '../../../../test/support/blob-kit.js';
import { entriesOf, isPattern, putBlob } from '../../../../test/support/blob-place.js';
import { gather } from '../../../../test/support/chunk-kit.js';
import { DataDirError } from '../../../platform/data-dir/data-dir.errors.js';
import { DiskBlobStore } from './disk-blob.store.js';

const id = '00ab5c0123456789abcdef0123456789';
const other = 'ffab5c0123456789abcdef0123456789';
const [partialFile, finishedFile] = [`00/ab/${id}.partial`, `00/ab/${id}`];

let dataDir: string;
let root: string;
let store: DiskBlobStore;
beforeEach(async () => {
  dataDir = newDataDir();
  root = join(dataDir, 'blobs');
  store = await DiskBlobStore.open(dataDir, GRAIN);
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const files = () => everythingIn(root).filter((name) => name.length > 5);
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const put = (name: string, length: number) => putBlob(store, name, length);

describe('a blob on disk', () => {
  it('is private: folders 0700 and files 0600, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      const writer = await store.append(id, 0);
      await writer.write(patternBytes(0, 10));
      expect([root, join(root, '00'), join(root, '00/ab')].map(mode)).toEqual(['700', '700', '700']);
      expect(mode(join(root, partialFile))).toBe('600');
      await writer.finish();
      expect(mode(join(root, finishedFile))).toBe('600');
    } finally {
      process.umask(umask);
    }
  });
});

describe('a partial blob', () => {
  it.each([0, 1, 21, 22, 23, 22 + 65_563, 22 + 65_564])(
    'of %i bytes is cut to a multiple of the grain',
    async (length) => {
      const writer = await store.append(id, 0);
      await writer.write(patternBytes(0, length));
      expect([files(), await store.usedBytes()]).toEqual([[partialFile], length]);
      const durable = await writer.suspend();
      const next = await store.append(id, durable);
      expect(statSync(join(root, partialFile)).size).toBe(durable);
      await next.finish();
      expect(files()).toEqual([finishedFile]);
    },
  );
});

describe('deleting', () => {
  it('removes empty folders, too', async () => {
    await put(id, 10);
    await (await store.append(other, 0)).suspend();
    expect([await store.delete(id), await store.delete(other)]).toEqual([true, true]);
    expect(everythingIn(root)).toEqual([]);
  });

  it('leaves the folders to a new blob that needs them at the same time', async () => {
    for (let round = 0; round < 50; round++) {
      await put(id, 100);
      const neighbour = `00ab5c${round.toString(16).padStart(26, '0')}`;
      await Promise.all([store.delete(id), put(neighbour, 1)]);
      await store.delete(neighbour);
    }
    expect([everythingIn(root), await store.usedBytes()]).toEqual([[], 0]);
  });

  it('lets an open stream continue to its end', async () => {
    await put(id, 3_000_000);
    const stream = await store.read(id);
    await once(stream, 'readable');
    expect(await store.delete(id)).toBe(true);
    expect(isPattern(await gather(stream), 0, 3_000_000)).toBe(true);
  });
});

describe('the list of blobs', () => {
  it('gives size, state and age of each, and skips foreign files', async () => {
    await put(id, 10);
    const writer = await store.append(other, 0);
    await writer.write(patternBytes(0, 77));
    writeFileSync(join(root, '00/ab/notes.txt'), 'x');
    writeFileSync(join(root, 'README'), 'x');
    mkdirSync(join(root, 'lost+found'));
    utimesSync(join(root, finishedFile), 1_000, 1_000);
    expect(await entriesOf(store)).toEqual([
      { id, size: 10, partial: false, modifiedAt: 1_000_000 },
      { id: other, size: 77, partial: true, modifiedAt: expect.any(Number) },
    ]);
    expect(Math.abs(Date.now() - ((await entriesOf(store))[1]?.modifiedAt ?? 0))).toBeLessThan(60_000);
    await writer.abort();
  });
});

describe('the folder of the blobs', () => {
  it('has one owner', async () => {
    await expect(DiskBlobStore.open(dataDir, GRAIN)).rejects.toThrow(DataDirError);
  });

  it('is made private again, and refused when it is a link to elsewhere', async () => {
    await store.close();
    chmodSync(root, 0o755);
    store = await DiskBlobStore.open(dataDir, GRAIN);
    expect(mode(root)).toBe('700');
    const elsewhere = newDataDir();
    symlinkSync(root, join(elsewhere, 'blobs'));
    await expect(DiskBlobStore.open(elsewhere, GRAIN)).rejects.toThrow(DataDirError);
    rmSync(elsewhere, { recursive: true });
  });
});

describe('what is durable', () => {
  /** Records each fsync with the folder's content at that moment. */
  async function watched(work: () => Promise<unknown>): Promise<string[]> {
    const probe = await open(dataDir, 'r');
    const prototype = Object.getPrototypeOf(probe) as FileHandle;
    await probe.close();
    const synced: string[] = [];
    const original = prototype.sync;
    const spy = jest.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
      const kind = (await this.stat()).isDirectory() ? 'folder' : 'file';
      synced.push(
        `${kind}: ${files()
          .map((name) => name.slice(38) || 'finished')
          .join()}`,
      );
      return original.call(this);
    });
    await work().finally(() => spy.mockRestore());
    return synced;
  }

  it('is the file before it has its name, and the name before it counts as finished', async () => {
    const writer = await store.append(id, 0);
    await writer.write(patternBytes(0, 10));
    const folders = ['folder: finished', 'folder: finished', 'folder: finished'];
    expect(await watched(() => writer.finish())).toEqual(['file: .partial', ...folders]);
    expect(readFileSync(join(root, finishedFile)).equals(patternBytes(0, 10))).toBe(true);
  });

  it('is a partial file with its folders when a writer syncs or suspends', async () => {
    const writer = await store.append(id, 0);
    const folders = ['folder: .partial', 'folder: .partial', 'folder: .partial'];
    expect(await watched(() => writer.sync())).toEqual(['file: .partial', ...folders]);
    expect(await watched(() => writer.suspend())).toEqual(['file: .partial', ...folders]);
  });

  it('does not include a blob whose file system fails to sync it', async () => {
    const writer = await store.append(id, 0);
    await writer.write(patternBytes(0, 10));
    const probe = await open(dataDir, 'r');
    const failing = jest.spyOn(Object.getPrototypeOf(probe) as FileHandle, 'sync');
    await probe.close();
    failing.mockRejectedValue(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' }));
    const finished = writer.finish().finally(() => failing.mockRestore());
    await expect(finished).rejects.toThrow('EIO');
    expect([everythingIn(root), await store.usedBytes()]).toEqual([[], 0]);
  });
});
