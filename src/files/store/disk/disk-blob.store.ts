import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DataDirLock } from '../../../platform/data-dir/data-dir.lock.js';
import {
  asDataDirError,
  makePrivateFolder,
  makeSocketFolder,
  removeSocketFolder,
} from '../../../platform/data-dir/private-folder.js';
import { requireRange } from '../blob-range.js';
import { BlobFinishedError, BlobNotFoundError, BlobOffsetError } from '../blob-store.errors.js';
import {
  grainFloor,
  requireBlobId,
  type BlobEntry,
  type BlobGrain,
  type BlobId,
  type BlobStore,
  type BlobWriter,
} from '../blob-store.port.js';
import { BlobLocks } from '../blob-locks.js';
import {
  asStoreError,
  blobFiles,
  blobPaths,
  folderId,
  ifPresent,
  openPartial,
  removeEmptyFolders,
} from './disk-blob.files.js';
import { DiskBlobWriter } from './disk-blob.writer.js';

/**
 * Blobs in DATA_DIR/blobs, as ab/cd/abcd...: a finished one under its id, a partial one with the suffix
 * `.partial`. Folders are 0700, files 0600. One process owns the folder. A crash leaves partial files only.
 * After a power cut they end where their bytes do, on file systems that do not extend a file before its bytes
 * are written (ext4 by default, XFS, Btrfs).
 */
export class DiskBlobStore implements BlobStore {
  private readonly turns = new BlobLocks();
  private used = 0;

  private constructor(
    readonly place: string,
    private readonly root: string,
    private readonly grain: BlobGrain,
    private readonly release: () => Promise<void>,
  ) {}

  /**
   * Creates the folder if it is missing, and sums up its files.
   * @throws DataDirError when the folder has another owner, or another process uses it
   */
  static async open(dataDir: string, grain: BlobGrain): Promise<DiskBlobStore> {
    const root = join(dataDir, 'blobs');
    makePrivateFolder(root);
    const sockets = makeSocketFolder(root);
    const lock = await DataDirLock.acquire(join(sockets, 'burnbag.lock'), dataDir);
    const idFile = join(dataDir, 'blobs.id');
    const place = `disk ${await folderId(idFile).catch((error: unknown) => {
      throw asDataDirError(error, idFile);
    })}`;
    const store = new DiskBlobStore(place, root, grain, async () => {
      await lock.release();
      removeSocketFolder(root, sockets);
    });
    for await (const { size } of store.list()) store.used += size;
    return store;
  }

  /** Releases the folder. The caller must end open writers and streams first. */
  close(): Promise<void> {
    return this.release();
  }

  async append(id: BlobId, offset: number): Promise<BlobWriter> {
    requireBlobId(id);
    await this.turns.takeForWriting(id);
    try {
      return await this.writer(id, offset);
    } catch (error) {
      this.turns.endWriting(id);
      throw asStoreError(error);
    }
  }

  private async writer(id: BlobId, offset: number): Promise<BlobWriter> {
    const durable = await this.durableLength(id);
    if (offset !== durable) throw new BlobOffsetError(id, durable);
    const paths = blobPaths(this.root, id);
    const handle = await openPartial(paths);
    try {
      const { size } = await handle.stat();
      await handle.truncate(offset);
      this.used += offset - size;
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new DiskBlobWriter({
      handle,
      paths,
      grain: this.grain,
      length: offset,
      resized: (difference) => (this.used += difference),
      ended: () => this.turns.endWriting(id),
    });
  }

  async durableLength(id: BlobId): Promise<number> {
    requireBlobId(id);
    const { finished, partial } = blobPaths(this.root, id);
    // The partial file first: the other way round, one that is finished in between would be missed.
    const found = await ifPresent(stat(partial));
    if (found) return grainFloor(this.grain, found.size);
    if (await ifPresent(stat(finished))) throw new BlobFinishedError(id);
    return 0;
  }

  async size(id: BlobId): Promise<number> {
    requireBlobId(id);
    const found = await ifPresent(stat(blobPaths(this.root, id).finished)).catch(rethrow);
    if (!found) throw new BlobNotFoundError(id);
    return found.size;
  }

  async read(id: BlobId, from = 0, to?: number): Promise<Readable> {
    requireBlobId(id);
    // An open file survives the removal of its name, so a deletion does not affect open streams.
    const handle = await ifPresent(open(blobPaths(this.root, id).finished, 'r')).catch(rethrow);
    if (!handle) throw new BlobNotFoundError(id);
    try {
      const { size } = await handle.stat();
      const end = to ?? size;
      requireRange(from, end, size);
      if (from < end) {
        return handle.createReadStream({ start: from, end: end - 1, highWaterMark: this.grain.unit });
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return Readable.from([]);
  }

  async delete(id: BlobId): Promise<boolean> {
    requireBlobId(id);
    return this.turns.delete(id, () => this.remove(id).catch(rethrow));
  }

  private async remove(id: BlobId): Promise<boolean> {
    const paths = blobPaths(this.root, id);
    let found = false;
    for (const path of [paths.partial, paths.finished]) {
      const present = await ifPresent(stat(path));
      if (!present) continue;
      await rm(path, { force: true });
      this.used -= present.size;
      found = true;
    }
    await removeEmptyFolders(paths);
    return found;
  }

  async *list(): AsyncGenerator<BlobEntry, void, undefined> {
    try {
      for await (const { id, path, partial } of blobFiles(this.root)) {
        const found = await ifPresent(stat(path));
        if (found) yield { id, partial, size: found.size, modifiedAt: Math.floor(found.mtimeMs) };
      }
    } catch (error) {
      throw asStoreError(error);
    }
  }

  async usedBytes(): Promise<number> {
    return this.used;
  }
}

function rethrow(error: unknown): never {
  throw asStoreError(error);
}
