import { rename, rm, type FileHandle } from 'node:fs/promises';
import { grainFloor, type BlobGrain, type BlobWriter } from '../blob-store.port.js';
import { asStoreError, removeEmptyFolders, syncFolders, type BlobPaths } from './disk-blob.files.js';
import { SerialQueue } from '../serial-queue.js';

export interface DiskBlobWriterOptions {
  readonly handle: FileHandle;
  readonly paths: BlobPaths;
  readonly grain: BlobGrain;
  /** End of the file, where writing continues. */
  readonly length: number;
  /** Called with every change of the file's size, in bytes. */
  readonly resized: (difference: number) => void;
  /** Called once, after the last write. */
  readonly ended: () => void;
}

/**
 * Writes one partial file. Any error removes the blob: a file system that failed to write or to sync no
 * longer guarantees its content (fsync(2)).
 */
export class DiskBlobWriter implements BlobWriter {
  private readonly turns = new SerialQueue(
    (error) => this.failed(error),
    () => this.close(),
  );
  private at: number;

  constructor(private readonly options: DiskBlobWriterOptions) {
    this.at = options.length;
  }

  get length(): number {
    return this.at;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.turns.run(async () => {
      for (let rest = bytes; rest.length > 0;) {
        const { bytesWritten } = await this.options.handle.write(rest, 0, rest.length, this.at);
        this.at += bytesWritten;
        this.options.resized(bytesWritten);
        rest = rest.subarray(bytesWritten);
      }
    });
  }

  sync(): Promise<number> {
    return this.turns.run(async () => {
      await this.options.handle.sync();
      await syncFolders(this.options.paths);
      return grainFloor(this.options.grain, this.at);
    });
  }

  finish(): Promise<void> {
    return this.turns.run(async () => {
      const { handle, paths } = this.options;
      // The bytes first: a name that survives a power cut must not lack its content.
      await handle.sync();
      await rename(paths.partial, paths.finished);
      await syncFolders(paths);
      await this.turns.end();
    });
  }

  suspend(): Promise<number> {
    return this.turns.run(async () => {
      await this.options.handle.sync();
      await syncFolders(this.options.paths);
      await this.turns.end();
      return grainFloor(this.options.grain, this.at);
    });
  }

  abort(): Promise<void> {
    return this.turns.runLast(() => this.remove());
  }

  private async failed(error: unknown): Promise<unknown> {
    try {
      await this.remove();
    } catch {
      // The cause of the failure keeps the rest from being removed, too; the sweeper finds it later.
    }
    return asStoreError(error);
  }

  private async remove(): Promise<void> {
    const { paths, resized } = this.options;
    await Promise.all([rm(paths.partial, { force: true }), rm(paths.finished, { force: true })]);
    resized(-this.at);
    await removeEmptyFolders(paths);
  }

  private async close(): Promise<void> {
    try {
      await this.options.handle.close();
    } finally {
      this.options.ended();
    }
  }
}
