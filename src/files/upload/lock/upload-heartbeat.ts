import { Logger } from '@nestjs/common';

import type { Upload, Uploads } from '../uploads.js';

const RENEWALS = 3;
const LONGEST_PAUSE_MS = 60_000;

/** Renews the record of an upload while a connection sends its bytes. */
export class UploadHeartbeat {
  private readonly logger = new Logger(UploadHeartbeat.name);
  private readonly timer: NodeJS.Timeout;
  private gone = false;

  /** @param ttlMs time to live of the record without a renewal; UPLOAD_IDLE_SECONDS by default */
  constructor(
    private readonly uploads: Uploads,
    private readonly upload: Upload,
    private readonly ttlMs = uploads.idleMs,
  ) {
    const pause = Math.min(ttlMs / RENEWALS, LONGEST_PAUSE_MS);
    this.timer = setInterval(() => void this.renew(), pause).unref();
    // Restarts with the first byte, whatever time was left.
    void this.renew();
  }

  /** The record is gone: further bytes have no owner. */
  get lost(): boolean {
    return this.gone;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async renew(): Promise<void> {
    try {
      if (!(await this.uploads.renew(this.upload, this.ttlMs))) this.gone = true;
    } catch (error) {
      // Redis is down for a moment: the next interval tries again, well before the record expires.
      this.logger.warn({ ref: this.upload.blobId, err: error }, 'an upload could not be renewed');
    }
  }
}
