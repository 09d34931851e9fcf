import { type FieldProblem, normalEmail, receiptUrl, secretUrl, type CreatedSecret } from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { CLOCK, type Clock } from '../../common/clock.js';
import { payloadTooLarge, validationFailed } from '../../platform/http/problem/common.errors.js';
import { ID_GENERATOR, type IdGenerator } from '../../common/id-generator.js';
import { idBytes, refOf } from '../../common/ids.js';
import {
  secretsConfig,
  serverConfig,
  type SecretsConfig,
  type ServerConfig,
} from '../../platform/config/sections/app.config.js';
import { EnvelopeService } from '../../crypto/envelope/envelope.service.js';
import { ReceiptTokens } from '../../crypto/kdf/receipt-tokens.js';
import { DiskReserve } from '../../platform/disk/disk-reserve.js';
import { MetricsService } from '../../platform/metrics/metrics.service.js';
import { CreationPolicy } from './creation-policy.js';
import type { CreateSecretDto } from './create-secret.dto.js';
import { SecretCredentials } from '../credentials/secret-credentials.js';
import { marksOf } from '../recipients/recipients.js';
import { decodeSealedContent, sealedBytesLimit } from './sealed-content.js';
import { purposeOf, type FilesFacts, type SecretFacts } from '../record/secret-record.js';
import { RedisSecretStore } from '../record/redis-secret.store.js';
import { auditBacklogged, keyUnavailable, problemOf } from '../secrets.errors.js';
import { StoreMemory } from '../../redis/memory/store-memory.js';

export type CreateOptions = Omit<CreateSecretDto, 'content'>;

/** A secret to store. */
export interface NewSecret {
  /** UUID v4 */
  readonly id: string;
  readonly options: CreateOptions;
  /** Text, an age file, or FileContents. */
  readonly content: Buffer;
  readonly files?: FilesFacts;
  /** Client that waits for the passphrase hash, see clientOf. */
  readonly client: string;
}

/** Bytes of memory that Redis needs for a secret besides its content, with its event of the trail; see test/int/footprint. */
const RECORD_OVERHEAD = 1_024;

/** Stores a secret and returns its link and its receipt. */
@Injectable()
export class CreateSecret {
  constructor(
    private readonly store: RedisSecretStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_GENERATOR) private readonly ids: IdGenerator,
    @Inject(secretsConfig.KEY) private readonly config: SecretsConfig,
    @Inject(serverConfig.KEY) private readonly server: ServerConfig,
    private readonly envelopes: EnvelopeService,
    private readonly receipts: ReceiptTokens,
    private readonly guards: SecretCredentials,
    private readonly policy: CreationPolicy,
    private readonly metrics: MetricsService,
    private readonly disk: DiskReserve,
    private readonly room: StoreMemory,
  ) {}

  /** @throws ProblemError validation_failed, policy_refused, payload_too_large, passphrase_busy, audit_backlogged, storage_full */
  async execute(dto: CreateSecretDto, origin: string, client: string): Promise<CreatedSecret> {
    this.check(dto);
    const content = this.payload(dto.content, dto.sealed ?? false);
    return this.keep({ id: this.ids.secretId(), options: dto, content, client }, origin);
  }

  /**
   * Makes a secret of uploaded files. A repeated call, after a lost answer, returns the same answer.
   * @throws ProblemError as `execute`; secret_gone, secret_not_found when it was made before and has ended
   */
  async createFor(files: NewSecret & { readonly files: FilesFacts }, origin: string): Promise<CreatedSecret> {
    this.policy.requireFiles();
    this.check(files.options);
    return this.keep(files, origin);
  }

  private async keep(
    { id, options, content, files, client }: NewSecret,
    origin: string,
  ): Promise<CreatedSecret> {
    await this.disk.requireForRecord();
    await this.room.require(content.length + RECORD_OVERHEAD);
    const sealed = options.sealed ?? false;
    const recipients = options.recipients?.flatMap((named) => normalEmail(named) ?? []);
    const address = idBytes(id);
    const ref = refOf(address);
    const { verifier, passphraseKey } = await this.guards.forCreation(options, address, client);
    const ttlSeconds = options.ttlSeconds ?? this.config.ttlDefaultSeconds;
    const timeless = {
      passphraseRequired: options.passphrase !== undefined || (options.passphraseRequired ?? false),
      sealed,
      maxViews: options.maxViews ?? 1,
      ttlSeconds,
      verifier,
      files,
      recipients: recipients && marksOf({ id: address }, recipients),
    };
    const keepFrom = async (createdAt: number, byStore = false) => {
      const facts: SecretFacts = { ...timeless, expiresAt: createdAt + ttlSeconds * 1000 };
      const envelope = this.envelopes.seal({
        plaintext: content,
        id: address,
        ref,
        purpose: purposeOf(facts),
        ...(passphraseKey && { passphraseKey }),
      });
      return { facts, result: await this.store.create(ref, { facts, envelope, byStore }, origin) };
    };

    let kept = await keepFrom(this.clock.now());
    // The store's clock was set since it was sampled: its answer has the current time.
    if (kept.result.kind === 'clock') kept = await keepFrom(kept.result.now, true);
    const { facts, result } = kept;
    if (result.kind === 'backlog') throw auditBacklogged();
    if (result.kind === 'key-retired') throw keyUnavailable();
    if (result.kind !== 'ok' && files) return this.madeBefore(id);
    if (result.kind !== 'ok') throw new Error('a random identifier was generated twice');
    this.metrics.secretCreated(sealed);
    return this.answer(id, ref, facts);
  }

  /**
   * The answer of the first call that made this secret.
   * @param id UUID v4 @throws ProblemError secret_not_found, secret_gone, record_damaged
   */
  async madeBefore(id: string): Promise<CreatedSecret> {
    const ref = refOf(idBytes(id));
    const look = await this.store.look(ref);
    if (look.kind !== 'ok') throw problemOf(look);
    return this.answer(id, ref, look.facts);
  }

  private answer(id: string, ref: Buffer, { expiresAt, ttlSeconds }: SecretFacts): CreatedSecret {
    const createdAt = expiresAt - ttlSeconds * 1000;
    const receiptToken = this.receipts.issue({ ref, createdAt, expiresAt });
    return {
      id,
      url: secretUrl(this.server.publicUrl, id),
      ref: ref.toString('hex'),
      expiresAt: new Date(expiresAt).toISOString(),
      receiptToken,
      receiptUrl: receiptUrl(this.server.publicUrl, receiptToken),
    };
  }

  /** Rules that depend on the configuration, or on several fields. */
  private check(dto: CreateOptions): void {
    const sealed = dto.sealed ?? false;
    const errors: FieldProblem[] = [];
    const limit = this.config.ttlMaxSeconds;
    if (dto.ttlSeconds !== undefined && dto.ttlSeconds > limit) {
      errors.push({
        field: 'ttlSeconds',
        message: `must not be greater than ${limit}`,
        limit,
        rule: 'SECRET_TTL_MAX_SECONDS',
      });
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
    dto.recipients?.forEach((named, at) => {
      if (normalEmail(named) !== undefined) return;
      errors.push({ field: `recipients[${at}]`, message: 'must be an e-mail address, in ASCII' });
    });
    if (errors.length > 0) throw validationFailed(errors);
    this.policy.require(dto);
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
