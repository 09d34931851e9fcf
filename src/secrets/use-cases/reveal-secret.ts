import { hash } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import {
  EnvelopeDamagedError,
  UnknownKeyError,
  UnsupportedEnvelopeError,
} from '../../crypto/crypto.errors.js';
import { EnvelopeService } from '../../crypto/envelope.service.js';
import { MetricsService } from '../../metrics/metrics.service.js';
import type { RevealSecretDto } from '../dto/open-secret.dto.js';
import { OpeningOffer } from '../opening-offer.js';
import { RefusalReport } from '../refusal-report.js';
import type { SecretAddress } from '../secret-address.js';
import { purposeOf } from '../secret-record.js';
import { SECRET_STORE, type SecretStore, type View } from '../secret-store.port.js';
import { keyUnavailable, recordDamaged } from '../secrets.errors.js';

export interface RevealedSecret {
  readonly content: string;
  readonly sealed: boolean;
  readonly viewsLeft: number;
  readonly leaseExpiresAt?: string;
}

/** The stored form of a claim: 16 bytes, so that a copy of the store cannot repeat it. */
export function hashClaim(claim: string): Buffer {
  return hash('sha256', Buffer.from(claim, 'base64url'), 'buffer').subarray(0, 16);
}

/** Takes one view and opens it. */
@Injectable()
export class RevealSecret {
  constructor(
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    private readonly envelopes: EnvelopeService,
    private readonly offer: OpeningOffer,
    private readonly report: RefusalReport,
    private readonly metrics: MetricsService,
  ) {}

  /** @throws ProblemError for every refusal; none of them spends the view */
  async execute(secret: SecretAddress, dto: RevealSecretDto, origin: string): Promise<RevealedSecret> {
    const { id, ref } = secret;
    const { verifier, passphraseKey } = await this.offer.keyFor(secret, dto);
    const claimHash = dto.claim === undefined ? undefined : hashClaim(dto.claim);
    const view = await this.store.claim(ref, { verifier, claimHash }, origin);
    if (view.kind !== 'ok') throw this.report.problem(view);
    this.count(view);
    const plaintext = this.open(view, { id, ref, passphraseKey });
    const { sealed } = view.facts;
    return {
      content: plaintext.toString(sealed ? 'base64' : 'utf8'),
      sealed,
      viewsLeft: view.viewsLeft,
      ...(view.leaseEnd !== undefined && { leaseExpiresAt: new Date(view.leaseEnd).toISOString() }),
    };
  }

  private open(view: View, access: { id: Buffer; ref: Buffer; passphraseKey: Buffer | undefined }): Buffer {
    const { id, ref, passphraseKey } = access;
    const purpose = purposeOf(view.facts);
    try {
      return this.envelopes.open(view.envelope, {
        id,
        ref,
        purpose,
        ...(passphraseKey && { passphraseKey }),
      });
    } catch (error) {
      if (error instanceof UnknownKeyError) throw keyUnavailable();
      if (error instanceof EnvelopeDamagedError || error instanceof UnsupportedEnvelopeError)
        throw recordDamaged();
      throw error;
    }
  }

  private count(view: View): void {
    if (view.retried) this.metrics.claimRetried();
    else this.metrics.burn(view.leaseEnd === undefined ? 'viewed' : 'leased');
  }
}
