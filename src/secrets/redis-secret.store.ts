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

/** What the trail says of a new secret. Written by hand: it is short, and made for every creation. */
function trailFacts(facts: SecretFacts, size: number): string {
  const { sealed, passphraseRequired, maxViews, ttlSeconds } = facts;
  return `{"kind":"text","size":${size},"sealed":${sealed},"passphraseRequired":${passphraseRequired},"maxViews":${maxViews},"ttlSeconds":${ttlSeconds}}`;
}

/** The store on Redis: one script, so one round trip, for each transition. */
export class RedisSecretStore implements SecretStore {
  private readonly keyIds: Buffer;
  private readonly leaseMs: number;
  private readonly lockMs: number;
  private readonly tombstoneMs: number;

  /**
   * @param keyIds ids of the keys at hand: a record under another key is refused before it is burnt
   * @param outboxMax most audit events that one bucket may hold back before new secrets are refused
   */
  constructor(
    private readonly redis: RedisService,
    private readonly config: SecretsConfig,
    keyIds: readonly number[],
    private readonly outboxMax: number,
  ) {
    this.keyIds = Buffer.alloc(4 * keyIds.length);
    keyIds.forEach((id, at) => this.keyIds.writeUInt32BE(id, 4 * at));
    this.leaseMs = config.claimLeaseSeconds * 1000;
    this.lockMs = config.passphraseLockSeconds * 1000;
    this.tombstoneMs = config.tombstoneTtlSeconds * 1000;
  }

  create(ref: Buffer, facts: SecretFacts, envelope: Buffer, origin: string): Promise<CreateResult> {
    const { record, outbox } = secretKeys(ref);
    return this.redis.run(
      createScript,
      record,
      outbox,
      origin,
      encodeRecord(facts, envelope, ref),
      facts.ttlSeconds * 1000,
      trailFacts(facts, envelope.length - ENVELOPE_OVERHEAD),
      this.outboxMax,
    );
  }

  async claim(
    ref: Buffer,
    offer: { verifier: Verifier | undefined; claimHash: Buffer | undefined },
    origin: string,
  ): Promise<View | Refusal> {
    const { record, tombstone, outbox } = secretKeys(ref);
    const reply = await this.redis.run(
      claimScript,
      record,
      tombstone,
      outbox,
      origin,
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

  acknowledge(ref: Buffer, claimHash: Buffer, origin: string): Promise<AcknowledgeResult> {
    const { record, tombstone, outbox } = secretKeys(ref);
    return this.redis.run(acknowledgeScript, record, tombstone, outbox, origin, claimHash);
  }

  burn(
    ref: Buffer,
    offer: { verifier: Verifier | undefined } | 'receipt',
    origin: string,
  ): Promise<BurnResult> {
    const { record, tombstone, outbox } = secretKeys(ref);
    const authorised = offer === 'receipt';
    return this.redis.run(
      burnScript,
      record,
      tombstone,
      outbox,
      origin,
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
