import { Inject, Injectable } from '@nestjs/common';

import { RefusalMapper } from '../record/refusal-mapper.js';
import { SECRET_STORE, type SecretStore } from '../record/secret-store.port.js';

/** Ends the lock of a secret before its time. */
@Injectable()
export class UnlockSecret {
  constructor(
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    private readonly report: RefusalMapper,
  ) {}

  /** Idempotent. @param ref 16 bytes. @returns whether it was locked or had failed attempts */
  async execute(ref: Buffer, origin: string): Promise<boolean> {
    const result = await this.store.unlock(ref, origin);
    if (result.kind !== 'ok') throw this.report.problem(result);
    return result.changed;
  }
}
