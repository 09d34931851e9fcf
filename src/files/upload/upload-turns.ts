import { setTimeout as delay } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { uploadLocked } from '../files.errors.js';

/** A writer that was asked to leave has to store what it holds; longer than this means that the store hangs. */
const PATIENCE_MS = 20_000;

interface Turn {
  /** Asks its holder to end soon. */
  readonly giveWay: () => void;
  readonly ended: Promise<void>;
}

/**
 * One request at a time for each upload. Whoever comes last wins: an older one may hang on a connection that is dead
 * without anybody having been told, and its client is back already (tus 1.0.0, "Concurrency").
 */
@Injectable()
export class UploadTurns {
  private readonly turns = new Map<string, Turn>();

  /**
   * @param key what is taken @param giveWay called, perhaps more than once, when somebody else wants it
   * @throws ProblemError upload_locked when the holder does not let go
   */
  async run<T>(key: string, giveWay: () => void, work: () => Promise<T>): Promise<T> {
    await this.wait(key);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.turns.set(key, { giveWay, ended });
    try {
      return await work();
    } finally {
      this.turns.delete(key);
      resolve();
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
