import type { Lease } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

import { hashClaim } from '../../secrets/claim/consume-view.js';
import { RefusalMapper } from '../../secrets/record/refusal-mapper.js';
import type { SecretIds } from '../../secrets/record/secret-ids.js';
import { RedisSecretStore } from '../../secrets/record/redis-secret.store.js';
import { leaseEnded } from '../files.errors.js';

export class LeaseDto implements Lease {
  @ApiProperty({
    format: 'date-time',
    description: 'End of the lease, unless it is renewed again.',
    example: '2026-11-21T14:02:00.000Z',
  })
  leaseExpiresAt!: string;
}

/** Renews the lease while the client receives bytes, which a proxy in front hides from the server. */
@Injectable()
export class RenewLease {
  constructor(
    private readonly store: RedisSecretStore,
    private readonly report: RefusalMapper,
  ) {}

  /**
   * The claim is enough: it was given out for valid credentials.
   * @param claim 16 bytes, base64url
   * @throws ProblemError lease_ended, secret_gone, secret_not_found (of text, too), record_damaged
   */
  async execute({ ref }: SecretIds, claim: string): Promise<LeaseDto> {
    const result = await this.store.renew(ref, hashClaim(claim));
    if (result.kind === 'none') throw leaseEnded();
    if (result.kind !== 'ok') throw this.report.problem(result);
    return { leaseExpiresAt: new Date(result.leaseEnd).toISOString() };
  }
}
