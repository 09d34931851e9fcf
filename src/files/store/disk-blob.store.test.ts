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
import { border, everythingIn, GRAIN, newDataDir, patternBytes } from '../../../test/support/blob-kit.js';
import { gather } from '../../../test/support/chunk-kit.js';
import { DataDirError } from '../../common/data-dir/data-dir.errors.js';
import { BlobBusyError, BlobFinishedError, BlobNotFoundError, BlobOffsetError } from './blob-store.errors.js';
import type { BlobEntry } from './blob-store.port.js';
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
async function put(name: string, length: number): Promise<void> {
  const writer = await store.append(name, 0);
  await writer.write(patternBytes(0, length));
  await writer.finish();
}
async function entries(): Promise<BlobEntry[]> {
  const found: BlobEntry[] = [];
  for await (const entry of store.list()) found.push(entry);
  return found.sort((a, b) => a.id.localeCompare(b.id));
}
const same = (got: Buffer, from: number, to: number) => got.equals(patternBytes(from, to));

describe('a blob on disk', () => {
  it('is partial while it is written, and finished in one step', async () => {
    const writer = await store.append(id, 0);
    await writer.write(patternBytes(0, 100));
    await writer.write(patternBytes(100, 5_000));
    expect([writer.length, files(), await store.usedBytes()]).toEqual([5_000, [partialFile], 5_000]);
    await expect(store.size(id)).rejects.toThrow(BlobNotFoundError);
    await expect(store.read(id)).rejects.toThrow(BlobNotFoundError);
    await writer.finish();
    expect([files(), await store.size(id), await store.usedBytes()]).toEqual([[finishedFile], 5_000, 5_000]);
    expect(same(await gather(await store.read(id)), 0, 5_000)).toBe(true);
    await expect(store.append(id, 0)).rejects.toThrow(BlobFinishedError);
    await expect(store.durableLength(id)).rejects.toThrow(BlobFinishedError);
  });

  it('may be empty', async () => {
    await put(id, 0);
    expect([await store.size(id), (await gather(await store.read(id))).length]).toEqual([0, 0]);
  });

  it('is nobody else’s: folders 0700 and files 0600, whatever the umask', async () => {
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

  it('has no name but 32 hex digits', async () => {
    const names = [
      '',
      '..',
      '../../etc/passwd',
      `${id}/..`,
      `../${id.slice(3)}`,
      id.toUpperCase(),
      `${id}0`,
      `${id}\n`,
      `${id.slice(1)}\0`,
    ];
    for (const name of names) {
      const calls = [
        () => store.append(name, 0),
        () => store.durableLength(name),
        () => store.size(name),
        () => store.read(name),
        () => store.delete(name),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow('32 lower-case hex digits');
    }
    expect(everythingIn(dataDir)).toEqual(['blobs']);
  });

  it('is read from any place to any other', async () => {
    await put(id, 200_000);
    for (const [from, to] of [
      [0, 1],
      [199_999, 200_000],
      [0, 0],
      [200_000, 200_000],
      [70_000, 140_001],
    ] as const) {
      expect(same(await gather(await store.read(id, from, to)), from, to)).toBe(true);
    }
    expect(same(await gather(await store.read(id, 150_000)), 150_000, 200_000)).toBe(true);
    for (const [from, to] of [
      [-1, 5],
      [5, 4],
      [0, 200_001],
      [0.5, 3],
      [200_001, undefined],
    ] as const) {
      await expect(store.read(id, from, to)).rejects.toThrow(RangeError);
    }
  });
});

describe('a partial blob', () => {
  it('goes on at the last border that was reached, with other bytes behind it if need be', async () => {
    expect(await store.durableLength(id)).toBe(0);
    const first = await store.append(id, 0);
    await first.write(patternBytes(0, border(2)));
    await first.write(Buffer.alloc(777, 0xff));
    expect(await first.sync()).toBe(border(2));
    expect(await first.suspend()).toBe(border(2));
    expect(await store.durableLength(id)).toBe(border(2));
    for (const wrong of [0, 22, border(2) - 1, border(2) + 777, border(3)]) {
      await expect(store.append(id, wrong)).rejects.toMatchObject({
        constructor: BlobOffsetError,
        durableLength: border(2),
      });
    }
    const second = await store.append(id, border(2));
    expect(await store.usedBytes()).toBe(border(2));
    await second.write(patternBytes(border(2), border(2) + 5));
    await second.finish();
    expect(same(await gather(await store.read(id)), 0, border(2) + 5)).toBe(true);
    expect([files(), await store.usedBytes()]).toEqual([[finishedFile], border(2) + 5]);
  });

  it.each([0, 1, 21, 22, 23, 22 + 65_563, 22 + 65_564])(
    'of %i bytes is durable up to a border',
    async (length) => {
      const writer = await store.append(id, 0);
      await writer.write(patternBytes(0, length));
      const expected = length < 22 ? 0 : length < border(1) ? 22 : border(1);
      expect(await writer.suspend()).toBe(expected);
      const next = await store.append(id, expected);
      expect(statSync(join(root, partialFile)).size).toBe(expected);
      await next.abort();
    },
  );

  it('has one writer at a time, and is not deleted under it', async () => {
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(() => store.append(id, 0)));
    const [writer] = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = results.filter(
      (result) => result.status === 'rejected' && result.reason instanceof BlobBusyError,
    );
    expect(refused).toHaveLength(4);
    await expect(store.delete(id)).rejects.toThrow(BlobBusyError);
    await writer?.write(patternBytes(0, 9));
    await writer?.finish();
    expect(await store.delete(id)).toBe(true);
  });

  it('is gone when its writer aborts, calls in flight included, and the writer has ended', async () => {
    const writer = await store.append(id, 0);
    const inFlight = [writer.write(patternBytes(0, 300_000)), writer.write(patternBytes(300_000, 400_000))];
    await writer.abort();
    await Promise.all(inFlight);
    expect([everythingIn(root), await store.usedBytes()]).toEqual([[], 0]);
    for (const call of [
      () => writer.write(Buffer.alloc(1)),
      () => writer.sync(),
      () => writer.finish(),
      () => writer.suspend(),
    ]) {
      await expect(call()).rejects.toThrow('has ended');
    }
    await writer.abort();
    await (await store.append(id, 0)).abort();
  });

  it('keeps the order of writes that are not waited for', async () => {
    const writer = await store.append(id, 0);
    const writes = Array.from({ length: 50 }, (_, i) =>
      writer.write(patternBytes(i * 1_000, (i + 1) * 1_000)),
    );
    await Promise.all([...writes, writer.finish()]);
    expect(same(await gather(await store.read(id)), 0, 50_000)).toBe(true);
  });
});

describe('deleting', () => {
  it('removes finished and partial blobs, empty folders too, and says whether there was one', async () => {
    await put(id, 10);
    await (await store.append(other, 0)).suspend();
    expect([await store.delete(id), await store.delete(other), await store.delete(id)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([everythingIn(root), await store.usedBytes()]).toEqual([[], 0]);
    await expect(store.read(id)).rejects.toThrow(BlobNotFoundError);
  });

  it('lets a stream that was given out go on to its end', async () => {
    await put(id, 3_000_000);
    const stream = await store.read(id);
    await once(stream, 'readable');
    expect(await store.delete(id)).toBe(true);
    expect(files()).toEqual([]);
    expect(same(await gather(stream), 0, 3_000_000)).toBe(true);
  });

  it('counts once when asked twice at once, and gives way to a new blob of the same folder', async () => {
    for (let round = 0; round < 50; round++) {
      await put(id, 100);
      const neighbour = `00ab5c${round.toString(16).padStart(26, '0')}`;
      const [a, b] = await Promise.all([
        store.delete(id),
        store.delete(id),
        put(neighbour, 1),
        store.append(id, 0).then((w) => w.abort()),
      ]);
      expect([a, b]).toEqual([true, true]);
      await store.delete(neighbour);
    }
    expect([everythingIn(root), await store.usedBytes()]).toEqual([[], 0]);
  });
});

describe('the list of blobs', () => {
  it('tells size, state and age of each, and passes over what is not ours', async () => {
    await put(id, 10);
    const writer = await store.append(other, 0);
    await writer.write(patternBytes(0, 77));
    writeFileSync(join(root, '00/ab/notes.txt'), 'x');
    writeFileSync(join(root, 'README'), 'x');
    mkdirSync(join(root, 'lost+found'));
    utimesSync(join(root, finishedFile), 1_000, 1_000);
    expect(await entries()).toEqual([
      { id, size: 10, partial: false, modifiedAt: 1_000_000 },
      { id: other, size: 77, partial: true, modifiedAt: expect.any(Number) },
    ]);
    expect(Math.abs(Date.now() - ((await entries())[1]?.modifiedAt ?? 0))).toBeLessThan(60_000);
    await writer.abort();
  });

  it('goes on while blobs are deleted', async () => {
    const names = Array.from({ length: 30 }, (_, n) => n.toString(16).padStart(2, '0').repeat(16));
    for (const name of names) await put(name, 1);
    let seen = 0;
    for await (const entry of store.list()) {
      seen++;
      await Promise.all(names.filter((name) => name !== entry.id).map((name) => store.delete(name)));
    }
    expect(seen).toBeGreaterThanOrEqual(1);
    expect(await entries()).toHaveLength(1);
  });

  it('gives the used bytes back after a restart', async () => {
    await put(id, 1_234);
    const writer = await store.append(other, 0);
    await writer.write(patternBytes(0, border(1) + 3));
    await writer.suspend();
    await store.close();
    store = await DiskBlobStore.open(dataDir, GRAIN);
    expect(await store.usedBytes()).toBe(1_234 + border(1) + 3);
    expect(await store.durableLength(other)).toBe(border(1));
  });
});

describe('the folder of the blobs', () => {
  it('has one owner', async () => {
    await expect(DiskBlobStore.open(dataDir, GRAIN)).rejects.toThrow(DataDirError);
  });

  it('is made private again, and is not taken where it leads elsewhere', async () => {
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
  /** Notes each fsync with what was in the folder at that moment. */
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

  it('is nothing of a blob whose file system fails to sync it', async () => {
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
