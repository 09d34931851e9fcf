import { Injectable } from '@nestjs/common';

import { RefusalMapper } from '../record/refusal-mapper.js';
import { RedisSecretStore } from '../record/redis-secret.store.js';

/** Ends the lock of a secret before its time. */
@Injectable()
export class UnlockSecret {
  constructor(
    private readonly store: RedisSecretStore,
    private readonly report: RefusalMapper,
  ) {}

  /** Idempotent. @param ref 16 bytes. @returns whether it was locked or had failed attempts */
  async execute(ref: Buffer, origin: string): Promise<boolean> {
    const result = await this.store.unlock(ref, origin);
    if (result.kind !== 'ok') throw this.report.problem(result);
    return result.changed;
  }
}
