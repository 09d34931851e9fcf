import { Injectable } from '@nestjs/common';

import { ReceiptTokens } from '../../crypto/kdf/receipt-tokens.js';
import { MetricsService } from '../../platform/metrics/metrics.service.js';
import type { BurnSecretDto } from '../claim/open-secret.dto.js';
import { CredentialCheck } from '../credentials/credential-check.js';
import { recipientHash } from '../recipients/recipients.js';
import { RefusalMapper } from '../record/refusal-mapper.js';
import type { SecretIds } from '../record/secret-ids.js';
import { SecretEnds } from '../record/secret-ends.js';
import type { BurnResult } from '../record/secret-store.types.js';
import { RedisSecretStore } from '../record/redis-secret.store.js';
import { receiptInvalid } from '../secrets.errors.js';
import type { RequestContext } from '../request-context.js';

/**
 * Destroys a secret unread: by a reader with its credentials, by its sender's receipt, or by administrators.
 */
@Injectable()
export class BurnSecret {
  constructor(
    private readonly store: RedisSecretStore,
    private readonly offer: CredentialCheck,
    private readonly receipts: ReceiptTokens,
    private readonly report: RefusalMapper,
    private readonly ends: SecretEnds,
    private readonly metrics: MetricsService,
  ) {}

  async byReader(secret: SecretIds, dto: BurnSecretDto, context: RequestContext): Promise<void> {
    const { verifier } = await this.offer.keyFor(secret, dto, context);
    const reader = recipientHash(secret, context.reader);
    this.finish(await this.store.burn(secret.ref, { verifier, reader }, context.origin), secret.ref);
  }

  /** @param address when given, the receipt must be of this secret */
  async bySender(receiptToken: string, origin: string, address?: SecretIds): Promise<void> {
    const receipt = this.receipts.verify(receiptToken);
    if (!receipt || (address && !receipt.ref.equals(address.ref))) throw receiptInvalid();
    this.finish(await this.store.burn(receipt.ref, 'sender', origin), receipt.ref);
  }

  /** @param ref 16 bytes, all that an administrator has of a secret */
  async byAdministrator(ref: Buffer, origin: string): Promise<void> {
    this.finish(await this.store.burn(ref, 'administrator', origin), ref);
  }

  private finish(result: BurnResult, ref: Buffer): void {
    if (result.kind !== 'ok') throw this.report.problem(result);
    this.metrics.burn('burned');
    this.ends.announce(ref);
  }
}
