import { Logger } from '@nestjs/common';

import type { Upload, Uploads } from './uploads.js';

const RENEWALS = 3;
const LONGEST_PAUSE_MS = 60_000;

/** Keeps the record of an upload while a connection brings its bytes. */
export class UploadKeeper {
  private readonly logger = new Logger(UploadKeeper.name);
  private readonly timer: NodeJS.Timeout;
  private gone = false;

  /** @param ttlMs how long the record lives without being renewed; UPLOAD_IDLE_SECONDS when left out */
  constructor(
    private readonly uploads: Uploads,
    private readonly upload: Upload,
    private readonly ttlMs = uploads.idleMs,
  ) {
    const pause = Math.min(ttlMs / RENEWALS, LONGEST_PAUSE_MS);
    this.timer = setInterval(() => void this.renew(), pause).unref();
    // Whatever time was left, it begins anew with the first byte.
    void this.renew();
  }

  /** The record is gone: what still comes in is for nobody. */
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
      // Redis is away for a moment: the next turn tries again, well before the record's time is over.
      this.logger.warn({ ref: this.upload.blobId, err: error }, 'an upload could not be renewed');
    }
  }
}
