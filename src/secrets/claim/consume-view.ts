import { hash } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import {
  EnvelopeDamagedError,
  UnknownKeyError,
  UnsupportedEnvelopeError,
} from '../../crypto/crypto.errors.js';
import { EnvelopeService } from '../../crypto/envelope/envelope.service.js';
import { MetricsService } from '../../platform/metrics/metrics.service.js';
import { CredentialCheck } from '../credentials/credential-check.js';
import { recipientHash } from '../recipients/recipients.js';
import { RefusalMapper } from '../record/refusal-mapper.js';
import type { SecretIds } from '../record/secret-ids.js';
import { purposeOf, type SecretFacts } from '../record/secret-record.js';
import type { View } from '../record/secret-store.types.js';
import { RedisSecretStore } from '../record/redis-secret.store.js';
import { keyUnavailable, recordDamaged } from '../secrets.errors.js';
import type { RequestContext } from '../request-context.js';

export interface OfferedForView {
  readonly passphrase?: string;
  readonly proof?: string;
  /** 16 bytes in base64url. */
  readonly claim?: string;
  /** See ClaimOffer. */
  readonly quiet?: boolean;
}

export interface OpenedView {
  readonly facts: SecretFacts;
  /** Content of the envelope: text, an age file, or FileContents. */
  readonly content: Buffer;
  readonly viewsLeft: number;
  /** ms since the epoch; absent without a claim */
  readonly leaseEnd: number | undefined;
  readonly retried: boolean;
}

/** The stored form of a claim: 16 bytes, so that a copy of the store cannot repeat it. */
export function hashClaim(claim: string): Buffer {
  return hash('sha256', Buffer.from(claim, 'base64url'), 'buffer').subarray(0, 16);
}

/** Takes one view and decrypts it. */
@Injectable()
export class ConsumeView {
  constructor(
    private readonly store: RedisSecretStore,
    private readonly envelopes: EnvelopeService,
    private readonly offer: CredentialCheck,
    private readonly report: RefusalMapper,
    private readonly metrics: MetricsService,
  ) {}

  /** @throws ProblemError for every refusal; none of them spends the view */
  async execute(secret: SecretIds, offered: OfferedForView, context: RequestContext): Promise<OpenedView> {
    const { verifier, passphraseKey } = await this.offer.keyFor(secret, offered, context);
    const { origin } = context;
    const reader = recipientHash(secret, context.reader);
    const claimHash = offered.claim === undefined ? undefined : hashClaim(offered.claim);
    const quiet = offered.quiet ?? false;
    const view = await this.store.claim(secret.ref, { verifier, reader, claimHash, quiet }, origin);
    if (view.kind !== 'ok') throw this.report.problem(view);
    if (!view.retried || !quiet) this.count(view);
    const { facts, viewsLeft, leaseEnd, retried } = view;
    return { facts, content: this.open(view, secret, passphraseKey), viewsLeft, leaseEnd, retried };
  }

  private open(view: View, { id, ref }: SecretIds, passphraseKey: Buffer | undefined): Buffer {
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
