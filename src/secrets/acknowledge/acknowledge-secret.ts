import { Injectable } from '@nestjs/common';

import { MetricsService } from '../../platform/metrics/metrics.service.js';
import type { AcknowledgeSecretDto } from '../claim/open-secret.dto.js';
import { hashClaim } from '../claim/consume-view.js';
import { RefusalMapper } from '../record/refusal-mapper.js';
import type { SecretIds } from '../record/secret-ids.js';
import { SecretEnds } from '../record/secret-ends.js';
import { RedisSecretStore } from '../record/redis-secret.store.js';

/** The reader has received it: ends the lease and purges the rest. */
@Injectable()
export class AcknowledgeSecret {
  constructor(
    private readonly store: RedisSecretStore,
    private readonly report: RefusalMapper,
    private readonly ends: SecretEnds,
    private readonly metrics: MetricsService,
  ) {}

  /** Idempotent: a lease that has ended already is fine. @throws ProblemError secret_not_found */
  async execute({ ref }: SecretIds, dto: AcknowledgeSecretDto, origin: string): Promise<void> {
    const result = await this.store.acknowledge(ref, hashClaim(dto.claim), origin);
    if (result.kind === 'none' || result.kind === 'gone') return;
    if (result.kind !== 'ok') throw this.report.problem(result);
    if (!result.purged) return;
    this.metrics.burn('acknowledged');
    this.ends.announce(ref);
  }
}
