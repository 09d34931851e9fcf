import { Inject, Injectable } from '@nestjs/common';

import { ReceiptTokens } from '../../crypto/receipt-tokens.js';
import { MetricsService } from '../../metrics/metrics.service.js';
import type { BurnSecretDto } from '../dto/open-secret.dto.js';
import { GuardKeys } from '../guard-keys.js';
import { RefusalReport } from '../refusal-report.js';
import type { SecretAddress } from '../secret-address.pipe.js';
import { SECRET_STORE, type BurnResult, type SecretStore } from '../secret-store.port.js';
import { receiptInvalid } from '../secrets.errors.js';

/** Destroys a secret unread: by its reader, who must pass what guards it, or by its sender's receipt. */
@Injectable()
export class BurnSecret {
  constructor(
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    private readonly guards: GuardKeys,
    private readonly receipts: ReceiptTokens,
    private readonly report: RefusalReport,
    private readonly metrics: MetricsService,
  ) {}

  async byReader({ id, ref }: SecretAddress, dto: BurnSecretDto): Promise<void> {
    const { verifier } = await this.guards.forOpening(dto, id);
    this.finish(await this.store.burn(ref, { verifier }));
  }

  /** @param address when given, the receipt must be of this secret */
  async bySender(receiptToken: string, address?: SecretAddress): Promise<void> {
    const receipt = this.receipts.verify(receiptToken);
    if (!receipt || (address && !receipt.ref.equals(address.ref))) throw receiptInvalid();
    this.finish(await this.store.burn(receipt.ref, 'receipt'));
  }

  private finish(result: BurnResult): void {
    if (result.kind !== 'ok') throw this.report.problem(result);
    this.metrics.burn('burned');
  }
}
