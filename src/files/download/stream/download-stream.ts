import type { ServerResponse } from 'node:http';

import type { BlobSource } from './blob-source.js';
import { DownloadLease, type DownloadLeaseOptions } from '../download-lease.js';
import { freeBuffer } from './free-buffer.js';

type Pieces = AsyncGenerator<Uint8Array, void, undefined>;

/** Streams bytes to a client, from a blob and under a lease. */
export class DownloadStream {
  private readonly lease: DownloadLease;
  private client: ServerResponse | undefined;
  /** Fails the piece that is being written. */
  private giveUp: ((reason: Error) => void) | undefined;
  private failure: Error | undefined;

  /**
   * @param first result of the first `rest.next()`, so that its failure could still be answered with a status
   */
  constructor(
    private readonly first: IteratorResult<Uint8Array, void>,
    private readonly rest: Pieces,
    private readonly source: BlobSource,
    lease: Omit<DownloadLeaseOptions, 'onEnd'>,
  ) {
    this.lease = new DownloadLease({ ...lease, onEnd: (reason) => this.fail(reason) });
  }

  /**
   * Writes everything and ends the answer; destroys the socket on a partial response. Two pieces are in
   * memory: one in the kernel, and the next. A client that disconnects is not an error.
   * @throws the failure that broke it off
   */
  async sendTo(client: ServerResponse): Promise<void> {
    this.client = client;
    // The lease, not the server, limits how long the client may stall.
    client.socket?.setTimeout(0);
    let isGone = client.destroyed;
    client.once('close', () => {
      isGone = true;
      this.source.close();
      this.giveUp?.(new Error('the client has disconnected'));
    });
    try {
      if (!isGone) await this.writeAll(client);
    } catch (error) {
      const left = isGone && !this.failure;
      client.destroy();
      if (!left) throw this.failure ?? error;
    } finally {
      await this.end();
    }
  }

  private async writeAll(client: ServerResponse): Promise<void> {
    let writing: Promise<void> = Promise.resolve();
    for (let next = this.first; !next.done; next = await this.rest.next()) {
      await writing;
      writing = this.write(client, next.value);
      // It is awaited after the next piece is made, and may fail before.
      writing.catch(() => undefined);
    }
    await writing;
    client.end();
  }

  private write(client: ServerResponse, piece: Uint8Array): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.giveUp = reject;
      client.write(piece, (error) => {
        if (error) return reject(error);
        this.lease.progressed();
        freeBuffer(piece);
        resolve();
      });
    });
  }

  private fail(reason: Error): void {
    this.failure ??= reason;
    this.client?.destroy();
  }

  private async end(): Promise<void> {
    this.lease.stop();
    this.source.close();
    await this.rest.return();
  }
}
