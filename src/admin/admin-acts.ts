import { Injectable, Logger } from '@nestjs/common';

import type { Principal } from '../auth/principal.js';
import { actorOf } from '../auth/request-principal.js';

export type AdminAct =
  | 'burned a secret'
  | 'unlocked a secret'
  | 'began an export of the trail'
  | 'finished an export of the trail'
  | 'verified the trail'
  | 'revoked a token'
  | 'revoked a session';

/** One log line for each thing that an administrator does, with who it was. */
@Injectable()
export class AdminActs {
  private readonly logger = new Logger('Admin');

  /** @param about what it was done to; public references only */
  note(caller: Principal, act: AdminAct, about: Readonly<Record<string, unknown>> = {}): void {
    this.logger.log({ actor: actorOf(caller), ...about }, `an administrator ${act}`);
  }
}
