import { randomBytes } from 'node:crypto';
import { InvalidLengthError, UnknownKeyError } from '../crypto.errors.js';
import { ENVELOPE_V1_OVERHEAD, kekIdOf, openEnvelope, rewrapEnvelope, sealEnvelope } from './envelope.js';
import { Keyring } from '../keyring/keyring.js';
import { systemRandom } from '../random-source.port.js';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const keyring = Keyring.of(1, oldKey);
const access = { id: randomBytes(16), ref: randomBytes(16), purpose: Buffer.from('burnbag/text/v1') };
const guarded = { ...access, passphraseKey: randomBytes(32) };
const around = (length: number) => [-17, -16, -15, -1, 0, 1, 15, 16, 17].map((step) => length + step);

describe('an envelope', () => {
  it('opens every length of plaintext, with and without a passphrase, and costs 94 bytes', () => {
    const lengths = [...Array(301).keys(), ...around(2 ** 16), 2 ** 18];
    expect(ENVELOPE_V1_OVERHEAD).toBe(94);
    for (const length of lengths) {
      const plaintext = randomBytes(length);
      for (const given of [access, guarded]) {
        const envelope = sealEnvelope(keyring, systemRandom, plaintext, given);
        expect(envelope.length).toBe(length + 94);
        expect(openEnvelope(keyring, envelope, given).equals(plaintext)).toBe(true);
      }
    }
  });

  it('takes purposes of any length, and plain Uint8Arrays inside larger buffers', () => {
    const around16 = new Uint8Array(randomBytes(64)).subarray(7, 23);
    for (const length of [0, 1, 12, 59, 300]) {
      const given = { id: around16, ref: around16, purpose: new Uint8Array(length) };
      const envelope = sealEnvelope(keyring, systemRandom, new Uint8Array(5), given);
      const inside = new Uint8Array(envelope.length + 9);
      inside.set(envelope, 4);
      expect([...openEnvelope(keyring, inside.subarray(4, 4 + envelope.length), given)]).toEqual([
        0, 0, 0, 0, 0,
      ]);
    }
  });

  it('does not change its inputs', () => {
    const plaintext = randomBytes(40);
    const before = [plaintext, guarded.id, guarded.ref, guarded.purpose, guarded.passphraseKey].map((b) =>
      b.toString('hex'),
    );
    const envelope = sealEnvelope(keyring, systemRandom, plaintext, guarded);
    const sealed = envelope.toString('hex');
    openEnvelope(keyring, envelope, guarded);
    rewrapEnvelope(keyring, systemRandom, envelope, guarded);
    expect(envelope.toString('hex')).toBe(sealed);
    const after = [plaintext, guarded.id, guarded.ref, guarded.purpose, guarded.passphraseKey].map((b) =>
      b.toString('hex'),
    );
    expect(after).toEqual(before);
  });

  it('never uses a data key or nonce twice', () => {
    const parts = new Set<string>();
    for (let i = 0; i < 500; i++) {
      const envelope = sealEnvelope(keyring, systemRandom, Buffer.alloc(8), access);
      for (const [from, to] of [
        [6, 18],
        [18, 66],
        [66, 78],
        [78, 86],
      ] as const) {
        parts.add(envelope.toString('hex', from, to));
      }
    }
    expect(parts.size).toBe(2000);
  });

  it.each([
    ['id', { ...access, id: randomBytes(15) }],
    ['id', { ...access, id: randomBytes(32) }],
    ['ref', { ...access, ref: randomBytes(17) }],
    ['passphraseKey', { ...access, passphraseKey: randomBytes(31) }],
    ['passphraseKey', { ...access, passphraseKey: new Uint8Array(0) }],
  ])('refuses a wrong length of %s on both ways', (what, given) => {
    const envelope = sealEnvelope(keyring, systemRandom, Buffer.from('x'), access);
    const refusal = new RegExp(`^${what} must be`);
    expect(() => sealEnvelope(keyring, systemRandom, Buffer.from('x'), given)).toThrow(refusal);
    expect(() => openEnvelope(keyring, envelope, given)).toThrow(refusal);
  });

  describe('when keys rotate', () => {
    const plaintext = Buffer.from('correct horse battery staple');
    const old = sealEnvelope(keyring, systemRandom, plaintext, guarded);
    const rotated = keyring.add(2, newKey).promote(2);
    const rewrapped = rewrapEnvelope(rotated, systemRandom, old, guarded);

    it('stays readable under the old key, and new ones use the primary', () => {
      expect(openEnvelope(rotated, old, guarded).equals(plaintext)).toBe(true);
      expect(kekIdOf(old)).toBe(1);
      expect(kekIdOf(sealEnvelope(rotated, systemRandom, plaintext, guarded))).toBe(2);
    });

    it('is rewrapped without id and passphrase, and changes only kekId, wrapNonce and wrappedDek', () => {
      expect(kekIdOf(rewrapped)).toBe(2);
      expect(rewrapped.subarray(0, 2).equals(old.subarray(0, 2))).toBe(true);
      expect(rewrapped.subarray(6, 18).equals(old.subarray(6, 18))).toBe(false);
      expect(rewrapped.subarray(66).equals(old.subarray(66))).toBe(true);
      expect(openEnvelope(Keyring.of(2, newKey), rewrapped, guarded).equals(plaintext)).toBe(true);
    });

    it('is unknown, not damaged, to a keyring without its key, and works again once the key is back', () => {
      const without = Keyring.of(2, newKey);
      for (const use of [
        () => openEnvelope(without, old, guarded),
        () => rewrapEnvelope(without, systemRandom, old, guarded),
      ]) {
        expect(use).toThrow(UnknownKeyError);
      }
      expect(openEnvelope(without.add(1, oldKey), old, guarded).equals(plaintext)).toBe(true);
    });

    it('refuses to re-wrap for another ref or purpose, and a ref of a wrong length', () => {
      const binding = { ref: access.ref, purpose: Buffer.from('other') };
      expect(() => rewrapEnvelope(rotated, systemRandom, old, binding)).toThrow('damaged');
      const short = { ...access, ref: randomBytes(4) };
      expect(() => rewrapEnvelope(rotated, systemRandom, old, short)).toThrow(InvalidLengthError);
    });
  });
});
