import { randomBytes } from 'node:crypto';

import type { Redis } from 'ioredis';

import { RedisOutbox } from '../../../src/audit/outbox/redis-outbox.js';
import { ScriptRunner } from '../../../src/redis/script/script-runner.js';
import { fileKeys, retiredKeysKey, secretKeys } from '../../../src/redis/redis-keys.js';
import { acknowledgeSecretScript } from '../../../src/secrets/acknowledge/acknowledge.script.js';
import { burnSecretScript } from '../../../src/secrets/burn/burn.script.js';
import { claimSecretScript, renewLeaseScript } from '../../../src/secrets/claim/claim.scripts.js';
import { createFilesScript, createSecretScript } from '../../../src/secrets/create/create.scripts.js';
import { rejectRecipientScript } from '../../../src/secrets/recipients/reject-recipient.script.js';
import { lookSecretScript } from '../../../src/secrets/status/look.script.js';
import { unlockSecretScript } from '../../../src/secrets/unlock/unlock.script.js';
import { encodeRecord, type SecretFacts } from '../../../src/secrets/record/secret-record.js';

const LEASE_MS = 60_000;
export const FILES_LEASE_MS = 600_000;
export const FILES_MOST_MS = 7_200_000;
/** Bytes a second: no payload of these tests takes a millisecond. */
const FILES_MIN_RATE = 1e12;
const LOCK_MS = 900_000;
export const TOMBSTONE_MS = 86_400_000;
export const TTL_SECONDS = 3_600;
const ATTEMPTS = 5;
const KEY_ID = Buffer.from([0, 0, 0, 1]);
const HEAD = 24;
const REASONS = ['', 'viewed', 'burned', 'expired'];
const ORIGIN = '["anonymous","203.0.113.0","curl/8"]';
const FACTS = '{"kind":"text","size":26}';

/** What is in Redis of one secret, in words; a lifetime is told to the minute. */
export interface Seen {
  readonly record:
    { state: number; views: number; leases: number; minutes: number; attempts?: number } | 'none';
  readonly tombstone: { reason: string; minutes: number } | 'none';
}

/** One secret and every script of the store, run by the runner that the app uses. */
export class ScriptBench {
  readonly ref = randomBytes(16);
  readonly keys = secretKeys(this.ref);
  readonly fileKeys = fileKeys(this.ref);
  readonly retired = retiredKeysKey(this.ref[0]);
  readonly verifier = randomBytes(32);

  private readonly outbox: RedisOutbox;

  constructor(
    private readonly db: Redis,
    private readonly runner = new ScriptRunner(db, true, () => undefined),
  ) {
    this.outbox = new RedisOutbox(runner, TOMBSTONE_MS);
  }

  /** What was recorded of this secret, oldest first: the action with its extra data. */
  async events(): Promise<string[]> {
    const entries = await this.db.xrange(this.keys.outbox, '-', '+');
    return entries.map(([, [, action, , ref, , at, , origin, , extra]]) => {
      if (ref !== this.ref.toString('hex') || !(Number(at) > 0))
        throw new Error(`odd entry of ${ref} at ${at}`);
      const from = origin === ORIGIN ? '' : ` ${origin}`;
      return `${action}${extra ? ` ${extra}` : ''}${from}`;
    });
  }

  record(facts: Partial<SecretFacts> = {}): Buffer {
    const envelope = Buffer.concat([Buffer.from([1, 1]), KEY_ID, randomBytes(120)]);
    const expiresAt = Date.now() + TTL_SECONDS * 1000;
    const plain = {
      passphraseRequired: false,
      sealed: false,
      maxViews: 1,
      ttlSeconds: TTL_SECONDS,
      expiresAt,
    };
    return encodeRecord({ ...plain, ...facts }, envelope, this.ref);
  }

  guarded(facts: Partial<SecretFacts> = {}): Buffer {
    return this.record({ passphraseRequired: true, verifier: this.verifier, ...facts });
  }

  create = (record: Buffer, outboxMax = 1_000, { ttlMs = TTL_SECONDS * 1000, facts = FACTS } = {}) =>
    this.runner.run(
      createSecretScript,
      { ...this.keys, retired: this.retired },
      this.creation(record, outboxMax, ttlMs, facts),
    );
  createFiles = (record: Buffer, outboxMax = 1_000) =>
    this.runner.run(
      createFilesScript,
      { ...this.keys, ...this.fileKeys, retired: this.retired },
      this.creation(record, outboxMax, TTL_SECONDS * 1000, FACTS),
    );
  claim = ({
    verifier = '' as string | Buffer,
    claim = '' as string | Buffer,
    lease = LEASE_MS,
    ids = KEY_ID,
    filesLease = FILES_LEASE_MS,
    filesMost = FILES_MOST_MS,
    quiet = false,
    reader = '' as string | Buffer,
    minRate = FILES_MIN_RATE,
  } = {}) =>
    this.runner.run(claimSecretScript, this.keys, {
      origin: ORIGIN,
      verifier,
      claim,
      keyIds: ids,
      leaseMs: lease,
      attemptsMax: ATTEMPTS,
      lockMs: LOCK_MS,
      tombstoneMs: TOMBSTONE_MS,
      filesLeaseMs: filesLease,
      filesMostMs: filesMost,
      quiet,
      reader,
      filesMinRate: minRate,
    });
  renew = (claim: Buffer, leaseMs = FILES_LEASE_MS) =>
    this.runner.run(renewLeaseScript, this.keys, { claim, leaseMs });
  acknowledge = (claim: Buffer) =>
    this.runner.run(acknowledgeSecretScript, this.keys, { origin: ORIGIN, claim });
  burn = ({
    verifier = '' as string | Buffer,
    receipt = false,
    admin = false,
    reader = '' as string | Buffer,
  } = {}) =>
    this.runner.run(burnSecretScript, this.keys, {
      origin: ORIGIN,
      verifier,
      authority: admin ? 'administrator' : receipt ? 'sender' : undefined,
      attemptsMax: ATTEMPTS,
      lockMs: LOCK_MS,
      tombstoneMs: TOMBSTONE_MS,
      reader,
    });
  unlock = () => this.runner.run(unlockSecretScript, this.keys, { origin: ORIGIN });
  rejectRecipient = (reader: Buffer) =>
    this.runner.run(rejectRecipientScript, this.keys, { origin: ORIGIN, reader });
  expire = (at: number) => this.outbox.expire(this.ref.toString('hex'), at);
  look = () => this.runner.run(lookSecretScript, this.keys, {});

  private creation(record: Buffer, outboxMax: number, ttlMs: number, facts: string) {
    const keyId = KEY_ID.readUInt32BE();
    return { origin: ORIGIN, record, ttlMs, facts, outboxMax, keyId, madeAt: undefined, apartMs: 0 };
  }

  /** @throws when Redis holds any key that is not of this secret */
  async seen(): Promise<Seen> {
    const { record, tombstone, outbox } = this.keys;
    const ours = new Set([
      record,
      tombstone,
      outbox,
      this.fileKeys.upload,
      this.fileKeys.index,
      this.retired,
    ]);
    const others = (await this.db.keys('*')).filter((key) => !ours.has(key));
    if (others.length > 0) throw new Error(`unexpected keys: ${others.join(' ')}`);
    const [raw, dead] = [await this.db.getBuffer(record), await this.db.getBuffer(tombstone)];
    const minutes = async (key: string) => Math.round((await this.db.pttl(key)) / 60_000);
    const guarded = raw && (raw.readUInt8(1) & 3) !== 0;
    return {
      record: raw
        ? {
            state: raw.readUInt8(2),
            views: raw.readUInt8(3),
            leases: raw.readUInt8(4),
            minutes: await minutes(record),
            ...(guarded && { attempts: raw.readUInt8(HEAD) }),
          }
        : 'none',
      tombstone: dead
        ? { reason: REASONS[dead.readUInt8(1)] ?? '?', minutes: await minutes(tombstone) }
        : 'none',
    };
  }
}
