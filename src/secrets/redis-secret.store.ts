import type { SecretsConfig } from '../config/app.config.js';
import { secretKeys } from '../redis/redis-keys.js';
import type { RedisService } from '../redis/redis.service.js';
import {
  acknowledgeScript,
  burnScript,
  claimScript,
  createScript,
  lookScript,
} from './redis-secret.scripts.js';
import { decodeRecord, encodeRecord, type SecretFacts } from './secret-record.js';
import type {
  AcknowledgeResult,
  BurnResult,
  CreateResult,
  Look,
  Refusal,
  SecretStore,
  Verifier,
  View,
} from './secret-store.port.js';

const NONE = '';
/** Bytes that the envelope adds to the content. */
const ENVELOPE_OVERHEAD = 94;

/** The store on Redis: one script, so one round trip, for each transition. */
export class RedisSecretStore implements SecretStore {
  private readonly keyIds: Buffer;
  private readonly leaseMs: number;
  private readonly lockMs: number;
  private readonly tombstoneMs: number;

  /** @param keyIds ids of the keys at hand: a record under another key is refused before it is burnt */
  constructor(
    private readonly redis: RedisService,
    private readonly config: SecretsConfig,
    keyIds: readonly number[],
  ) {
    this.keyIds = Buffer.alloc(4 * keyIds.length);
    keyIds.forEach((id, at) => this.keyIds.writeUInt32BE(id, 4 * at));
    this.leaseMs = config.claimLeaseSeconds * 1000;
    this.lockMs = config.passphraseLockSeconds * 1000;
    this.tombstoneMs = config.tombstoneTtlSeconds * 1000;
  }

  create(ref: Buffer, facts: SecretFacts, envelope: Buffer): Promise<CreateResult> {
    const { record } = secretKeys(ref);
    return this.redis.run(createScript, record, encodeRecord(facts, envelope, ref), facts.ttlSeconds * 1000);
  }

  async claim(
    ref: Buffer,
    offer: { verifier: Verifier | undefined; claimHash: Buffer | undefined },
  ): Promise<View | Refusal> {
    const { record, tombstone } = secretKeys(ref);
    const reply = await this.redis.run(
      claimScript,
      record,
      tombstone,
      offer.verifier ?? NONE,
      offer.claimHash ?? NONE,
      this.keyIds,
      this.leaseMs,
      this.config.passphraseAttempts,
      this.lockMs,
      this.tombstoneMs,
    );
    if (reply.kind !== 'ok') return reply;
    const { facts, envelope } = decodeRecord(reply.record);
    const { viewsLeft, leaseEnd, retried } = reply;
    return { kind: 'ok', facts, envelope, viewsLeft, leaseEnd, retried };
  }

  acknowledge(ref: Buffer, claimHash: Buffer): Promise<AcknowledgeResult> {
    const { record, tombstone } = secretKeys(ref);
    return this.redis.run(acknowledgeScript, record, tombstone, claimHash);
  }

  burn(ref: Buffer, offer: { verifier: Verifier | undefined } | 'receipt'): Promise<BurnResult> {
    const { record, tombstone } = secretKeys(ref);
    const authorised = offer === 'receipt';
    return this.redis.run(
      burnScript,
      record,
      tombstone,
      authorised ? NONE : (offer.verifier ?? NONE),
      authorised ? 1 : 0,
      this.config.passphraseAttempts,
      this.lockMs,
      this.tombstoneMs,
    );
  }

  async look(ref: Buffer): Promise<Look | Refusal> {
    const { record, tombstone } = secretKeys(ref);
    const reply = await this.redis.run(lookScript, record, tombstone);
    if (reply.kind !== 'ok') return reply;
    const { facts, state } = decodeRecord(reply.head);
    const size = reply.envelopeBytes - ENVELOPE_OVERHEAD;
    return { kind: 'ok', facts, state, size, openedAt: reply.openedAt, locked: state.lockUntil > reply.now };
  }
}
