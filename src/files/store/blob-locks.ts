import { BlobBusyError } from './blob-store.errors.js';
import type { BlobId } from './blob-store.port.js';

/** Writers and deletions of blobs in this process. */
export class BlobLocks {
  private readonly writing = new Set<BlobId>();
  private readonly deleting = new Map<BlobId, Promise<boolean>>();

  /** Waits for deletions of the blob, then locks it for a writer. @throws BlobBusyError */
  async takeForWriting(id: BlobId): Promise<void> {
    while (this.deleting.has(id)) await this.deleting.get(id);
    if (this.writing.has(id)) throw new BlobBusyError(id);
    this.writing.add(id);
  }

  endWriting(id: BlobId): void {
    this.writing.delete(id);
  }

  /** Runs `work` once for all concurrent callers. @throws BlobBusyError while the blob is written */
  delete(id: BlobId, work: () => Promise<boolean>): Promise<boolean> {
    if (this.writing.has(id)) return Promise.reject(new BlobBusyError(id));
    const running = this.deleting.get(id) ?? work().finally(() => this.deleting.delete(id));
    this.deleting.set(id, running);
    return running;
  }
}
