import type { Principal } from '@burnbag/contract';
import { Injectable, Logger } from '@nestjs/common';

import { actorOf } from '../auth/request-principal.js';

export type AdminAct =
  | 'burned a secret'
  | 'unlocked a secret'
  | 'began an export of the trail'
  | 'finished an export of the trail'
  | 'verified the trail'
  | 'revoked a token'
  | 'revoked a session';

/** Logs each act of an administrator, with the name. */
@Injectable()
export class AdminActs {
  private readonly logger = new Logger('Admin');

  /** @param about the object of the act; public references only */
  note(caller: Principal, act: AdminAct, about: Readonly<Record<string, unknown>> = {}): void {
    this.logger.log({ actor: actorOf(caller), ...about }, `an administrator ${act}`);
  }
}
