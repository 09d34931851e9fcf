import type { Readable } from 'node:stream';

import type { StoredChunks } from '../../../crypto/chunks/chunk-decryptor.js';
import type { BlobId, BlobStore } from '../../store/blob-store.port.js';
import { freeBuffer } from './free-buffer.js';

/** One blob for one reader, who may disconnect at any moment. */
export class BlobSource implements StoredChunks {
  private readonly open = new Set<Readable>();
  private closed = false;

  constructor(
    private readonly store: BlobStore,
    private readonly id: BlobId,
    /** Stored bytes. */
    readonly length: number,
  ) {}

  /** A piece is valid until the next one is requested. */
  async *read(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    const stream = await this.store.read(this.id, from, to);
    this.open.add(stream);
    if (this.closed) stream.destroy();
    try {
      for await (const piece of stream as AsyncIterable<Uint8Array>) {
        yield piece;
        freeBuffer(piece);
      }
    } finally {
      this.open.delete(stream);
    }
  }

  /** Ends every read at once, also in the middle of a piece: pending reads fail. */
  close(): void {
    this.closed = true;
    for (const stream of this.open) stream.destroy();
  }
}
