import type { Verification } from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { CLOCK, type Clock } from '../../common/clock.js';
import { orUnavailable } from '../../database/or-unavailable.js';
import { AuditRelay } from '../relay/audit-relay.js';
import { RedisAuditCheckpoints } from './redis-audit-checkpoints.js';

/** Checks the whole trail in the database's thread, beside the requests, and stores the result. */
@Injectable()
export class VerifyInThread {
  private running: Promise<Verification> | undefined;

  constructor(
    private readonly relay: AuditRelay,
    private readonly marks: RedisAuditCheckpoints,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Calls during a check get its result. @throws ProblemError store_unavailable */
  execute(): Promise<Verification> {
    this.running ??= this.verify().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** The last result of any replica. @throws ProblemError store_unavailable */
  last(): Promise<Verification | undefined> {
    return this.marks.lastVerification();
  }

  private async verify(): Promise<Verification> {
    // Redis is read first: the database must then have at least as much.
    const heads = await this.marks.heads();
    const answer = await orUnavailable(this.relay.verify({ heads }));
    const verification = { at: new Date(this.clock.now()).toISOString(), ...answer };
    await this.marks.keepVerification(verification);
    return verification;
  }
}
