import { hash } from 'node:crypto';

import { RECIPIENT_BYTES } from '../recipients/recipients.js';

/**
 * The record of a secret: one binary string, since a hash costs about 180 bytes more. All integers
 * big-endian.
 * version(1) flags(1) state(1) viewsLeft(1) claims(1) headSum(4) maxViews(1) ttlSeconds(4) expiresAt(6, ms)
 * bodySum(4) [guarded: attempts(1) lockUntil(6, ms) verifier(32)] [files: count(2) bytes(6) payloadBytes(6)]
 * [recipients: count(1) marks(16 each)] envelope claims x [claimHash(16) leaseEnd(6, ms) files:
 * leaseLatest(6, ms)]
 * The sums (SHA-1, first 4 bytes) find damage before a view is spent on it; they defend against accidents.
 * The immutable part is also authenticated by the envelope, which defends against attackers.
 */
export const HEAD_BYTES = 24;
export const GUARD_BYTES = 39;
export const FILES_BYTES = 14;
const VERIFIER_AT = HEAD_BYTES + 7;
const VERSION = 1;
const LIVE = 1;
const TEXT_PURPOSE = Buffer.from('burnbag/text/v1', 'ascii');
const FILES_PURPOSE = Buffer.from('burnbag/files/v1', 'ascii');

export const FLAG_PASSPHRASE = 1;
export const FLAG_SEALED = 2;
export const FLAG_FILES = 4;
export const FLAG_RECIPIENTS = 8;

/** Facts of files that are shown before they are opened. */
export interface FilesFacts {
  readonly count: number;
  /** Of all files together; of sealed ones as declared by the sender. */
  readonly bytes: number;
  /** Content of the blob: the concatenated files, or one age file of them. */
  readonly payloadBytes: number;
}

/** The immutable part of a record. */
export interface SecretFacts {
  readonly passphraseRequired: boolean;
  readonly sealed: boolean;
  readonly maxViews: number;
  readonly ttlSeconds: number;
  /** ms since the epoch */
  readonly expiresAt: number;
  /** 32 bytes derived from a reader's passphrase or proof; present when one of them is required */
  readonly verifier?: Buffer | undefined;
  /** Present when the content is the manifest of files. */
  readonly files?: FilesFacts | undefined;
  /**
   * Concatenated marks of the recipients, see recipients.ts; absent when anyone with the link may open it.
   */
  readonly recipients?: Buffer | undefined;
}

/** The part that scripts change. */
export interface SecretState {
  readonly claimed: boolean;
  readonly viewsLeft: number;
  /** Leases that run, or ended and were not reused. */
  readonly leases: number;
  readonly lockUntil: number;
}

function sum(bytes: Uint8Array): Buffer {
  return hash('sha1', bytes, 'buffer').subarray(0, 4);
}

function flagsOf(facts: SecretFacts): number {
  return (
    (facts.passphraseRequired ? FLAG_PASSPHRASE : 0) |
    (facts.sealed ? FLAG_SEALED : 0) |
    (facts.files ? FLAG_FILES : 0) |
    (facts.recipients ? FLAG_RECIPIENTS : 0)
  );
}

function writeFiles(into: Buffer, { count, bytes, payloadBytes }: FilesFacts, at: number): void {
  into.writeUInt16BE(count, at);
  into.writeUIntBE(bytes, at + 2, 6);
  into.writeUIntBE(payloadBytes, at + 8, 6);
}

function readFiles(from: Buffer, at: number): FilesFacts {
  return {
    count: from.readUInt16BE(at),
    bytes: from.readUIntBE(at + 2, 6),
    payloadBytes: from.readUIntBE(at + 8, 6),
  };
}

function recipientsBytes(recipients: Buffer | undefined): number {
  return recipients ? 1 + recipients.length : 0;
}

function writeRecipients(into: Buffer, recipients: Buffer, at: number): void {
  into[at] = recipients.length / RECIPIENT_BYTES;
  recipients.copy(into, at + 1);
}

/**
 * The facts as the envelope authenticates them: "burnbag/text/v1" (or files) flags maxViews ttl expiresAt [verifier]
 * [files] [recipients].
 */
export function purposeOf(facts: SecretFacts): Buffer {
  const { verifier, files, recipients } = facts;
  const label = files ? FILES_PURPOSE : TEXT_PURPOSE;
  const at = label.length;
  const filesAt = at + 12 + (verifier?.length ?? 0);
  const recipientsAt = filesAt + (files ? FILES_BYTES : 0);
  const purpose = Buffer.allocUnsafe(recipientsAt + recipientsBytes(recipients));
  label.copy(purpose);
  purpose[at] = flagsOf(facts);
  purpose[at + 1] = facts.maxViews;
  purpose.writeUInt32BE(facts.ttlSeconds, at + 2);
  purpose.writeUIntBE(facts.expiresAt, at + 6, 6);
  verifier?.copy(purpose, at + 12);
  if (files) writeFiles(purpose, files, filesAt);
  if (recipients) writeRecipients(purpose, recipients, recipientsAt);
  return purpose;
}

/** A new record. @param ref the 16-byte reference that the sums are bound to */
export function encodeRecord(facts: SecretFacts, envelope: Buffer, ref: Buffer): Buffer {
  const { verifier, files, recipients } = facts;
  const filesAt = HEAD_BYTES + (verifier ? GUARD_BYTES : 0);
  const recipientsAt = filesAt + (files ? FILES_BYTES : 0);
  const start = recipientsAt + recipientsBytes(recipients);
  const record = Buffer.alloc(start + envelope.length);
  record[0] = VERSION;
  record[1] = flagsOf(facts);
  record[2] = LIVE;
  record[3] = facts.maxViews;
  record[9] = facts.maxViews;
  record.writeUInt32BE(facts.ttlSeconds, 10);
  record.writeUIntBE(facts.expiresAt, 14, 6);
  verifier?.copy(record, VERIFIER_AT);
  if (files) writeFiles(record, files, filesAt);
  if (recipients) writeRecipients(record, recipients, recipientsAt);
  envelope.copy(record, start);
  const attemptsAndLock = record.subarray(HEAD_BYTES, verifier ? VERIFIER_AT : HEAD_BYTES);
  sum(Buffer.concat([record.subarray(0, 5), attemptsAndLock])).copy(record, 5);
  bodySum(record, verifier !== undefined, ref).copy(record, 20);
  return record;
}

function bodySum(record: Buffer, guarded: boolean, ref: Buffer): Buffer {
  return sum(
    Buffer.concat([
      Buffer.from(ref.toString('hex'), 'latin1'),
      record.subarray(1, 2),
      record.subarray(9, 20),
      record.subarray(guarded ? VERIFIER_AT : HEAD_BYTES),
    ]),
  );
}

function readRecipients(from: Buffer, at: number): Buffer {
  return from.subarray(at + 1, at + 1 + RECIPIENT_BYTES * from.readUInt8(at));
}

/** Decodes the head (and guard) of a record, or of its first bytes. Scripts have checked the sums. */
export function decodeRecord(record: Buffer): { facts: SecretFacts; state: SecretState; envelope: Buffer } {
  const flags = record.readUInt8(1);
  const guarded = (flags & (FLAG_PASSPHRASE | FLAG_SEALED)) !== 0;
  const filesAt = HEAD_BYTES + (guarded ? GUARD_BYTES : 0);
  const hasFiles = (flags & FLAG_FILES) !== 0;
  const recipientsAt = filesAt + (hasFiles ? FILES_BYTES : 0);
  const recipients = (flags & FLAG_RECIPIENTS) !== 0 ? readRecipients(record, recipientsAt) : undefined;
  return {
    facts: {
      passphraseRequired: (flags & FLAG_PASSPHRASE) !== 0,
      sealed: (flags & FLAG_SEALED) !== 0,
      maxViews: record.readUInt8(9),
      ttlSeconds: record.readUInt32BE(10),
      expiresAt: record.readUIntBE(14, 6),
      verifier: guarded ? record.subarray(VERIFIER_AT, filesAt) : undefined,
      ...(hasFiles && { files: readFiles(record, filesAt) }),
      ...(recipients && { recipients }),
    },
    state: {
      claimed: record.readUInt8(2) === 2,
      viewsLeft: record.readUInt8(3),
      leases: record.readUInt8(4),
      lockUntil: guarded ? record.readUIntBE(HEAD_BYTES + 1, 6) : 0,
    },
    envelope: record.subarray(recipientsAt + recipientsBytes(recipients)),
  };
}
