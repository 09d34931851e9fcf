import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import {
  decodeRecord,
  encodeRecord,
  FILES_BYTES,
  FLAG_FILES,
  FLAG_PASSPHRASE,
  FLAG_RECIPIENTS,
  FLAG_SEALED,
  GUARD_BYTES,
  HEAD_BYTES,
  purposeOf,
  type SecretFacts,
} from './secret-record.js';

const ref = Buffer.alloc(16, 7);
const envelope = Buffer.alloc(100, 9);
const plain: SecretFacts = {
  passphraseRequired: false,
  sealed: false,
  maxViews: 3,
  ttlSeconds: 0xffff_ffff,
  expiresAt: 0xffff_ffff_ffff,
};
const files = { count: 0xffff, bytes: 0xffff_ffff_ffff, payloadBytes: 1 };
const recipients = randomBytes(32);
const guarded: SecretFacts = { ...plain, passphraseRequired: true, sealed: true, verifier: randomBytes(32) };

describe('a record', () => {
  it.each([
    ['without a guard', plain, HEAD_BYTES],
    ['with one', guarded, HEAD_BYTES + GUARD_BYTES],
    ['of files', { ...plain, files }, HEAD_BYTES + FILES_BYTES],
    ['of guarded files', { ...guarded, files }, HEAD_BYTES + GUARD_BYTES + FILES_BYTES],
    ['with recipients', { ...plain, recipients }, HEAD_BYTES + 33],
    [
      'of everything',
      { ...guarded, files, recipients: randomBytes(320) },
      HEAD_BYTES + GUARD_BYTES + FILES_BYTES + 321,
    ],
  ])('%s is decoded as it was encoded, at the extremes too', (_, facts, start) => {
    const record = encodeRecord(facts, envelope, ref);
    expect(record).toHaveLength(start + envelope.length);
    const read = decodeRecord(record);
    expect(read.facts).toEqual({ verifier: undefined, ...facts });
    expect(read.state).toEqual({ claimed: false, viewsLeft: 3, leases: 0, lockUntil: 0 });
    expect(read.envelope).toEqual(envelope);
  });

  it('has the layout of every earlier version of the program', () => {
    const facts = { ...plain, ttlSeconds: 3_600, expiresAt: 1_800_000_000_000 };
    const record = encodeRecord(facts, envelope, ref).subarray(0, HEAD_BYTES);
    expect(record.toString('hex')).toBe('010001030033c0e8840300000e1001a3185c50009a2d7e08');
  });

  it('says in its flags what it needs and what it holds', () => {
    expect(encodeRecord(plain, envelope, ref)[1]).toBe(0);
    expect(encodeRecord(guarded, envelope, ref)[1]).toBe(FLAG_PASSPHRASE | FLAG_SEALED);
    expect(encodeRecord({ ...plain, files }, envelope, ref)[1]).toBe(FLAG_FILES);
    expect(encodeRecord({ ...plain, recipients }, envelope, ref)[1]).toBe(FLAG_RECIPIENTS);
  });
});

describe('the purpose that the envelope authenticates', () => {
  it('differs with every fact', () => {
    const others: SecretFacts[] = [
      { ...guarded, passphraseRequired: false },
      { ...guarded, sealed: false },
      { ...guarded, maxViews: 4 },
      { ...guarded, ttlSeconds: 1 },
      { ...guarded, expiresAt: 1 },
      { ...guarded, verifier: randomBytes(32) },
      plain,
      { ...guarded, files },
      { ...guarded, files: { ...files, count: 1 } },
      { ...guarded, files: { ...files, bytes: 1 } },
      { ...guarded, files: { ...files, payloadBytes: 2 } },
      { ...guarded, recipients },
      { ...guarded, recipients: recipients.subarray(16) },
      { ...guarded, recipients: randomBytes(32) },
      { ...guarded, files, recipients },
    ];
    const purposes = [guarded, ...others].map((facts) => purposeOf(facts).toString('hex'));
    expect(new Set(purposes).size).toBe(purposes.length);
  });
});
