import type { FilesConfig, SecretsConfig } from '../../platform/config/sections/app.config.js';
import { kekIdOf } from '../../crypto/envelope/envelope.js';
import type { CurrentKeyring, Keyring } from '../../crypto/keyring/keyring.js';
import { fileKeys, retiredKeysKey, secretKeys } from '../../redis/redis-keys.js';
import type { Scripts } from '../../redis/script/script-runner.js';
import { acknowledgeSecretScript } from '../acknowledge/acknowledge.script.js';
import { burnSecretScript } from '../burn/burn.script.js';
import { claimSecretScript, renewLeaseScript } from '../claim/claim.scripts.js';
import { createFilesScript, createSecretScript } from '../create/create.scripts.js';
import { rejectRecipientScript } from '../recipients/reject-recipient.script.js';
import { lookSecretScript } from '../status/look.script.js';
import { unlockSecretScript } from '../unlock/unlock.script.js';
import { RECIPIENT_BYTES } from '../recipients/recipients.js';
import { decodeRecord, encodeRecord, type SecretFacts } from './secret-record.js';
import type {
  AcknowledgeResult,
  BurnAuthority,
  BurnOffer,
  BurnResult,
  ClaimOffer,
  CreateResult,
  Look,
  NewRecord,
  Refusal,
  RenewResult,
  UnlockResult,
  View,
} from './secret-store.types.js';

/**
 * Milliseconds by which an estimate of Redis' clock may be wrong: it is a round trip old, and a busy server
 * is late.
 */
const CLOCK_TOLERANCE_MS = 1_000;
/** Bytes that the envelope adds to the content. */
const ENVELOPE_OVERHEAD = 94;

/** Facts of a new secret for the trail. Serialized by hand: it is short, and runs for every creation. */
function trailFacts(facts: SecretFacts, contentBytes: number): string {
  const { sealed, passphraseRequired, maxViews, ttlSeconds, files, recipients } = facts;
  const what = files
    ? `"kind":"files","size":${files.bytes},"files":${files.count}`
    : `"kind":"text","size":${contentBytes}`;
  const whom = recipients ? `,"recipients":${recipients.length / RECIPIENT_BYTES}` : '';
  return `{${what},"sealed":${sealed},"passphraseRequired":${passphraseRequired},"maxViews":${maxViews},"ttlSeconds":${ttlSeconds}${whom}}`;
}

/**
 * Keeps secrets. Every method is one atomic transition with its audit event, or a read without a change.
 * Left out on purpose: listing, and reading content without taking a view. The store on Redis: one script,
 * so one round trip, for each transition.
 */
export class RedisSecretStore {
  private known: { readonly keyring: Keyring; readonly ids: Buffer } | undefined;
  private readonly leaseMs: number;
  private readonly lockMs: number;
  private readonly tombstoneMs: number;
  private readonly filesLeaseMs: number;
  private readonly filesMostMs: number;
  private readonly filesMinRate: number;

  /**
   * @param keys loaded ones: a record under another key is refused before it is burnt
   * @param outboxMax audit events that may wait in one bucket before new secrets are refused
   */
  constructor(
    private readonly redis: Scripts,
    private readonly config: SecretsConfig,
    files: FilesConfig,
    private readonly keys: CurrentKeyring,
    private readonly outboxMax: number,
  ) {
    this.leaseMs = config.claimLeaseSeconds * 1000;
    this.lockMs = config.passphraseLockSeconds * 1000;
    this.tombstoneMs = config.tombstoneTtlSeconds * 1000;
    this.filesLeaseMs = files.leaseSeconds * 1000;
    this.filesMostMs = files.leaseMaxSeconds * 1000;
    this.filesMinRate = files.downloadMinRate;
  }

  /** Four bytes for each key that opens, computed once for each keyring. */
  private knownIds(): Buffer {
    const keyring = this.keys.current;
    if (this.known?.keyring === keyring) return this.known.ids;
    const ids = Buffer.alloc(4 * keyring.ids.length);
    keyring.ids.forEach((id, at) => ids.writeUInt32BE(id, 4 * at));
    this.known = { keyring, ids };
    return ids;
  }

  /**
   * Files need their upload record, and end it.
   * @param origin of the audit event, see AuditContext; the same for the other transitions
   */
  create(ref: Buffer, { facts, envelope, byStore }: NewRecord, origin: string): Promise<CreateResult> {
    const { record, outbox } = secretKeys(ref);
    const ttlMs = facts.ttlSeconds * 1000;
    const retired = retiredKeysKey(ref[0]);
    const args = {
      origin,
      record: encodeRecord(facts, envelope, ref),
      ttlMs,
      facts: trailFacts(facts, envelope.length - ENVELOPE_OVERHEAD),
      outboxMax: this.outboxMax,
      keyId: kekIdOf(envelope),
      madeAt: byStore ? undefined : facts.expiresAt - ttlMs,
      apartMs: CLOCK_TOLERANCE_MS,
    };
    if (!facts.files) return this.redis.run(createSecretScript, { record, outbox, retired }, args);
    const { upload, index } = fileKeys(ref);
    return this.redis.run(createFilesScript, { record, outbox, upload, index, retired }, args);
  }

  /** Files need a claim; taking them again under it renews the lease, by the time that the payload needs at DOWNLOAD_MIN_RATE. */
  async claim(ref: Buffer, offer: ClaimOffer, origin: string): Promise<View | Refusal> {
    const reply = await this.redis.run(claimSecretScript, secretKeys(ref), {
      origin,
      verifier: offer.verifier,
      claim: offer.claimHash,
      keyIds: this.knownIds(),
      leaseMs: this.leaseMs,
      attemptsMax: this.config.passphraseAttempts,
      lockMs: this.lockMs,
      tombstoneMs: this.tombstoneMs,
      filesLeaseMs: this.filesLeaseMs,
      filesMostMs: this.filesMostMs,
      quiet: offer.quiet === true,
      reader: offer.reader,
      filesMinRate: this.filesMinRate,
    });
    if (reply.kind !== 'ok') return reply;
    const { facts, envelope } = decodeRecord(reply.record);
    const { viewsLeft, leaseEnd, retried } = reply;
    return { kind: 'ok', facts, envelope, viewsLeft, leaseEnd, retried };
  }

  /**
   * Renews the lease of files while they are downloaded: to FILE_LEASE_SECONDS from now unless it is longer
   * already, and at most FILE_LEASE_MAX after the claim. No event.
   */
  renew(ref: Buffer, claim: Buffer): Promise<RenewResult> {
    return this.redis.run(renewLeaseScript, secretKeys(ref), { claim, leaseMs: this.filesLeaseMs });
  }

  acknowledge(ref: Buffer, claim: Buffer, origin: string): Promise<AcknowledgeResult> {
    return this.redis.run(acknowledgeSecretScript, secretKeys(ref), { origin, claim });
  }

  /**
   * @param offer 'sender' when the receipt authorises it; 'administrator'; 'system' when the secret is lost
   * anyway
   */
  burn(ref: Buffer, offer: BurnOffer | BurnAuthority, origin: string): Promise<BurnResult> {
    const authorised = typeof offer === 'string';
    return this.redis.run(burnSecretScript, secretKeys(ref), {
      origin,
      verifier: authorised ? undefined : offer.verifier,
      authority: authorised ? offer : undefined,
      attemptsMax: this.config.passphraseAttempts,
      lockMs: this.lockMs,
      tombstoneMs: this.tombstoneMs,
      reader: authorised ? undefined : offer.reader,
    });
  }

  /** Ends a lock and resets the attempts. */
  unlock(ref: Buffer, origin: string): Promise<UnlockResult> {
    return this.redis.run(unlockSecretScript, secretKeys(ref), { origin });
  }

  /**
   * Records a reader who is not a recipient; recipients leave no trace.
   * @param reader see `recipientHash`
   */
  async rejectRecipient(ref: Buffer, reader: Buffer, origin: string): Promise<void> {
    await this.redis.run(rejectRecipientScript, secretKeys(ref), { origin, reader });
  }

  async look(ref: Buffer): Promise<Look | Refusal> {
    const reply = await this.redis.run(lookSecretScript, secretKeys(ref), {});
    if (reply.kind !== 'ok') return reply;
    const { facts, state } = decodeRecord(reply.head);
    const size = facts.files?.bytes ?? reply.envelopeBytes - ENVELOPE_OVERHEAD;
    return { kind: 'ok', facts, state, size, openedAt: reply.openedAt, locked: state.lockUntil > reply.now };
  }
}
