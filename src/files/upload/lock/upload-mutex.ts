import { setTimeout as delay } from 'node:timers/promises';

import { Inject, Injectable, Logger } from '@nestjs/common';

import { secretIds } from '../../../secrets/record/secret-ids.js';
import { uploadLocked } from '../../files.errors.js';
import { secretIdOf } from '../../upload-id.js';
import { UPLOAD_LOCK, type UploadLock } from './upload-lock.port.js';

/** A writer that was asked to yield must store what it holds; a longer wait means that the store hangs. */
const PATIENCE_MS = 20_000;

interface Turn {
  /** Asks its holder to end soon. */
  readonly giveWay: () => void;
  readonly ended: Promise<void>;
}

/**
 * One request at a time for each upload. The last request wins: an older one may hang on a dead connection
 * that was not closed yet, and its client is back already (tus 1.0.0, "Concurrency").
 */
@Injectable()
export class UploadMutex {
  private readonly logger = new Logger(UploadMutex.name);
  private readonly turns = new Map<string, Turn>();

  constructor(@Inject(UPLOAD_LOCK) private readonly lock: UploadLock) {}

  /**
   * @param uploadId a UUID v4 @param giveWay called, perhaps repeatedly, when another request wants it
   * @throws ProblemError upload_locked when the holder does not release it; store_unavailable
   */
  async run<T>(uploadId: string, giveWay: () => void, work: () => Promise<T>): Promise<T> {
    await this.wait(uploadId);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.turns.set(uploadId, { giveWay, ended });
    try {
      return await this.locked(uploadId, giveWay, work);
    } finally {
      this.turns.delete(uploadId);
      resolve();
    }
  }

  /** The same among processes. */
  private async locked<T>(uploadId: string, giveWay: () => void, work: () => Promise<T>): Promise<T> {
    const { ref } = secretIds(secretIdOf(uploadId));
    const release = await this.lock.take(ref, giveWay, PATIENCE_MS);
    if (!release) throw uploadLocked();
    try {
      return await work();
    } finally {
      await release().catch((error: unknown) => {
        // It expires by itself; what was done under it is done.
        this.logger.warn({ ref: ref.toString('hex'), err: error }, 'a lock could not be released');
      });
    }
  }

  private async wait(key: string): Promise<void> {
    const giveUp = new AbortController();
    const late = delay(PATIENCE_MS, 'late' as const, { signal: giveUp.signal, ref: false });
    late.catch(() => undefined);
    try {
      for (let turn = this.turns.get(key); turn; turn = this.turns.get(key)) {
        turn.giveWay();
        if ((await Promise.race([turn.ended, late])) === 'late') throw uploadLocked();
      }
    } finally {
      giveUp.abort();
    }
  }
}
