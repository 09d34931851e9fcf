import { rename, rm, type FileHandle } from 'node:fs/promises';
import { grainFloor, type BlobGrain, type BlobWriter } from './blob-store.port.js';
import { asStoreError, removeEmptyFolders, syncFolders, type BlobPaths } from './disk-blob.files.js';

export interface DiskBlobWriterOptions {
  readonly handle: FileHandle;
  readonly paths: BlobPaths;
  readonly grain: BlobGrain;
  /** Where the file ends now, and writing goes on. */
  readonly length: number;
  /** Told of every change of the file's size, in bytes. */
  readonly resized: (difference: number) => void;
  /** Told once, when nothing is written any more. */
  readonly ended: () => void;
}

/**
 * Writes one partial file. Calls are done in the order in which they came. After any error nothing is left of the
 * blob: a file system that failed to write or to sync no longer vouches for what it has (fsync(2)).
 */
export class DiskBlobWriter implements BlobWriter {
  private tail: Promise<unknown> = Promise.resolve();
  private hasEnded = false;
  private at: number;

  constructor(private readonly options: DiskBlobWriterOptions) {
    this.at = options.length;
  }

  get length(): number {
    return this.at;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.inTurn(async () => {
      for (let rest = bytes; rest.length > 0;) {
        const { bytesWritten } = await this.options.handle.write(rest, 0, rest.length, this.at);
        this.at += bytesWritten;
        this.options.resized(bytesWritten);
        rest = rest.subarray(bytesWritten);
      }
    });
  }

  sync(): Promise<number> {
    return this.inTurn(async () => {
      await this.options.handle.sync();
      await syncFolders(this.options.paths);
      return grainFloor(this.options.grain, this.at);
    });
  }

  finish(): Promise<void> {
    return this.inTurn(async () => {
      const { handle, paths } = this.options;
      // The bytes first: a name that outlives a power cut must not outlive its content.
      await handle.sync();
      await rename(paths.partial, paths.finished);
      await syncFolders(paths);
      await this.end();
    });
  }

  suspend(): Promise<number> {
    return this.inTurn(async () => {
      await this.options.handle.sync();
      await syncFolders(this.options.paths);
      await this.end();
      return grainFloor(this.options.grain, this.at);
    });
  }

  abort(): Promise<void> {
    const done = this.tail.then(() => (this.hasEnded ? undefined : this.remove()));
    this.tail = done.catch(() => undefined);
    return done;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.tail.then(async () => {
      if (this.hasEnded) throw new Error('this writer has ended');
      try {
        return await work();
      } catch (error) {
        await this.remove();
        throw asStoreError(error);
      }
    });
    // The caller gets the failure; whoever is next in turn only waits for the end.
    this.tail = done.catch(() => undefined);
    return done;
  }

  private async remove(): Promise<void> {
    const { paths, resized } = this.options;
    try {
      await Promise.all([rm(paths.partial, { force: true }), rm(paths.finished, { force: true })]);
      resized(-this.at);
      await removeEmptyFolders(paths);
    } finally {
      await this.end();
    }
  }

  private async end(): Promise<void> {
    if (this.hasEnded) return;
    this.hasEnded = true;
    try {
      await this.options.handle.close();
    } finally {
      this.options.ended();
    }
  }
}
