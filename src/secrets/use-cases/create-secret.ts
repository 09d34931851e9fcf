import { Inject, Injectable } from '@nestjs/common';

import { CLOCK, type Clock } from '../../common/clock.js';
import { payloadTooLarge, validationFailed } from '../../common/common.errors.js';
import { ID_GENERATOR, type IdGenerator } from '../../common/id-generator.js';
import { idBytes, refOf } from '../../common/ids.js';
import type { FieldProblem } from '../../common/problem.js';
import {
  secretsConfig,
  serverConfig,
  type SecretsConfig,
  type ServerConfig,
} from '../../config/app.config.js';
import { EnvelopeService } from '../../crypto/envelope.service.js';
import { ReceiptTokens } from '../../crypto/receipt-tokens.js';
import { MetricsService } from '../../metrics/metrics.service.js';
import type { CreateSecretDto } from '../dto/create-secret.dto.js';
import { GuardKeys } from '../guard-keys.js';
import { decodeSealedContent, sealedBytesLimit } from '../sealed-content.js';
import { purposeOf, type SecretFacts } from '../secret-record.js';
import { SECRET_STORE, type SecretStore } from '../secret-store.port.js';
import { auditBacklogged } from '../secrets.errors.js';

export interface CreatedSecret {
  readonly id: string;
  readonly url: string;
  readonly ref: string;
  readonly expiresAt: string;
  readonly receiptToken: string;
  readonly receiptUrl: string;
}

/** Takes a secret in and hands out its link and its receipt. */
@Injectable()
export class CreateSecret {
  constructor(
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_GENERATOR) private readonly ids: IdGenerator,
    @Inject(secretsConfig.KEY) private readonly config: SecretsConfig,
    @Inject(serverConfig.KEY) private readonly server: ServerConfig,
    private readonly envelopes: EnvelopeService,
    private readonly receipts: ReceiptTokens,
    private readonly guards: GuardKeys,
    private readonly metrics: MetricsService,
  ) {}

  /** @throws ProblemError validation_failed, payload_too_large, passphrase_busy, audit_backlogged, store_unavailable */
  async execute(dto: CreateSecretDto, origin: string): Promise<CreatedSecret> {
    const sealed = dto.sealed ?? false;
    this.check(dto, sealed);
    const plaintext = this.payload(dto.content, sealed);

    const id = this.ids.secretId();
    const address = idBytes(id);
    const ref = refOf(address);
    const { verifier, passphraseKey } = await this.guards.forCreation(dto, address);
    const createdAt = this.clock.now();
    const ttlSeconds = dto.ttlSeconds ?? this.config.ttlDefaultSeconds;
    const facts: SecretFacts = {
      passphraseRequired: dto.passphrase !== undefined || (dto.passphraseRequired ?? false),
      sealed,
      maxViews: dto.maxViews ?? 1,
      ttlSeconds,
      expiresAt: createdAt + ttlSeconds * 1000,
      verifier,
    };
    const envelope = this.envelopes.seal({
      plaintext,
      id: address,
      ref,
      purpose: purposeOf(facts),
      ...(passphraseKey && { passphraseKey }),
    });

    const result = await this.store.create(ref, facts, envelope, origin);
    if (result.kind === 'backlog') throw auditBacklogged();
    if (result.kind === 'exists') throw new Error('a random identifier was given out twice');
    this.metrics.secretCreated(sealed);
    const receiptToken = this.receipts.issue({ ref, createdAt, expiresAt: facts.expiresAt });
    return {
      id,
      url: `${this.server.publicUrl}/s/${id}`,
      ref: ref.toString('hex'),
      expiresAt: new Date(facts.expiresAt).toISOString(),
      receiptToken,
      receiptUrl: `${this.server.publicUrl}/r#${receiptToken}`,
    };
  }

  /** What depends on the configuration, or on more than one field. */
  private check(dto: CreateSecretDto, sealed: boolean): void {
    const errors: FieldProblem[] = [];
    const limit = this.config.ttlMaxSeconds;
    if (dto.ttlSeconds !== undefined && dto.ttlSeconds > limit) {
      errors.push({ field: 'ttlSeconds', message: `must not be greater than ${limit}`, limit });
    }
    if (sealed && dto.proofHash === undefined) {
      errors.push({ field: 'proofHash', message: 'must be given for a sealed secret' });
    }
    if (sealed && dto.passphrase !== undefined) {
      errors.push({
        field: 'passphrase',
        message: 'must not be sent for a sealed secret: use it before sealing',
      });
    }
    if (!sealed && dto.proofHash !== undefined) {
      errors.push({ field: 'proofHash', message: 'is for sealed secrets only' });
    }
    if (!sealed && dto.passphraseRequired !== undefined) {
      errors.push({ field: 'passphraseRequired', message: 'is for sealed secrets only' });
    }
    if (errors.length > 0) throw validationFailed(errors);
  }

  private payload(content: string, sealed: boolean): Buffer {
    const limit = this.config.maxBytes;
    if (!sealed) {
      const bytes = Buffer.from(content, 'utf8');
      if (bytes.length > limit) throw payloadTooLarge('content', limit);
      return bytes;
    }
    const bytes = decodeSealedContent(content);
    if (bytes.length > sealedBytesLimit(limit)) throw payloadTooLarge('content', limit);
    return bytes;
  }
}
