import { randomBytes } from 'node:crypto';
import { EnvelopeDamagedError, UnknownKeyError, UnsupportedEnvelopeError } from '../crypto.errors.js';
import { kekIdOf, openEnvelope, rewrapEnvelope, sealEnvelope } from './envelope.js';
import { Keyring } from '../keyring/keyring.js';
import { systemRandom } from '../random-source.port.js';

const keyring = Keyring.of(1, randomBytes(32)).add(2, randomBytes(32)).add(257, randomBytes(32));
const plaintext = randomBytes(33);
const access = {
  id: randomBytes(16),
  ref: randomBytes(16),
  purpose: Buffer.from('burnbag/text/v1\x00\x01'),
  passphraseKey: randomBytes(32),
};
const envelope = sealEnvelope(keyring, systemRandom, plaintext, access);
const [WRAPPED_DEK, NONCE] = [18, 66];

/** The class of the error; 'opened' would be plaintext from bytes that were never sealed. */
const outcome = (bytes: Uint8Array, given = access, ring = keyring): string => {
  try {
    openEnvelope(ring, bytes, given);
    return 'opened';
  } catch (error) {
    return (error as Error).name;
  }
};
const flipped = (bytes: Uint8Array, at: number, mask: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
};

describe('a changed envelope', () => {
  it('is refused for every single bit, by the error of its field', () => {
    for (let at = 0; at < envelope.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = flipped(envelope, at, 1 << bit);
        const held = at >= 2 && at < 6 && keyring.ids.includes(changed.readUInt32BE(2));
        const expected =
          at < 2
            ? UnsupportedEnvelopeError.name
            : at < 6 && !held
              ? UnknownKeyError.name
              : EnvelopeDamagedError.name;
        expect([at, bit, outcome(changed)]).toEqual([at, bit, expected]);
      }
    }
  });

  it('is refused when cut at each length, and kekIdOf refuses what is too short for an envelope', () => {
    for (let length = 0; length < envelope.length; length++) {
      expect(outcome(envelope.subarray(0, length))).toBe(EnvelopeDamagedError.name);
      expect(outcome(envelope.subarray(envelope.length - length))).not.toBe('opened');
    }
    for (let length = 0; length < 94; length++) {
      expect(() => kekIdOf(envelope.subarray(0, length))).toThrow(EnvelopeDamagedError);
    }
  });

  it('is refused when extended', () => {
    for (let extra = 1; extra <= 40; extra++) {
      expect(outcome(Buffer.concat([envelope, Buffer.alloc(extra)]))).toBe(EnvelopeDamagedError.name);
      expect(outcome(Buffer.concat([envelope, envelope.subarray(-extra)]))).toBe(EnvelopeDamagedError.name);
    }
  });

  it('is refused when parts of two envelopes of one secret are combined', () => {
    const other = sealEnvelope(keyring, systemRandom, plaintext, access);
    const mix = (from: number, to: number) => {
      const copy = Buffer.from(envelope);
      other.copy(copy, from, from, to);
      return copy;
    };
    // The other wrapped key is authentic in itself: the content tag refuses it, since it yields another key.
    const swappedWrap = mix(2, NONCE);
    expect(rewrapEnvelope(keyring, systemRandom, swappedWrap, access)).toHaveLength(swappedWrap.length);
    for (const mixed of [
      swappedWrap,
      mix(6, WRAPPED_DEK),
      mix(WRAPPED_DEK, NONCE),
      mix(NONCE, 78),
      mix(78, 200),
    ]) {
      expect(outcome(mixed)).toBe(EnvelopeDamagedError.name);
    }
  });

  it('is refused by re-wrapping, too, wherever the wrapped key is changed', () => {
    for (let at = 0; at < NONCE; at++) {
      const changed = flipped(envelope, at, 0x80);
      expect(() => rewrapEnvelope(keyring, systemRandom, changed, access)).toThrow(
        /damaged|unsupported|not in the keyring/,
      );
    }
  });
});

describe('an envelope with other bindings', () => {
  it('opens only with its own id, ref, purpose and passphrase', () => {
    for (const name of ['id', 'ref', 'purpose', 'passphraseKey'] as const) {
      for (let at = 0; at < access[name].length; at++) {
        const given = { ...access, [name]: flipped(access[name], at, 1) };
        expect([name, at, outcome(envelope, given)]).toEqual([name, at, EnvelopeDamagedError.name]);
      }
    }
    const { passphraseKey, ...unguarded } = access;
    expect(() => openEnvelope(keyring, envelope, unguarded)).toThrow(EnvelopeDamagedError);
    const open = sealEnvelope(keyring, systemRandom, plaintext, unguarded);
    expect(() => openEnvelope(keyring, open, { ...unguarded, passphraseKey })).toThrow(EnvelopeDamagedError);
    expect(outcome(envelope)).toBe('opened');
  });

  it('distinguishes purposes that share a beginning, or continue in the neighbouring field', () => {
    const { ref, purpose } = access;
    for (const other of [
      purpose.subarray(0, -1),
      Buffer.concat([purpose, Buffer.alloc(1)]),
      Buffer.alloc(0),
    ]) {
      expect(outcome(envelope, { ...access, purpose: other })).toBe(EnvelopeDamagedError.name);
    }
    const shifted = {
      ...access,
      ref: Buffer.concat([ref.subarray(1), purpose.subarray(0, 1)]),
      purpose: purpose.subarray(1),
    };
    expect(outcome(envelope, shifted)).toBe(EnvelopeDamagedError.name);
  });

  it('is refused under other key bytes of the same id', () => {
    expect(outcome(envelope, access, Keyring.of(1, randomBytes(32)))).toBe(EnvelopeDamagedError.name);
  });

  it('fails with the same error for both tags', () => {
    const messages = [20, 70, 80].map((at) => {
      try {
        return openEnvelope(keyring, flipped(envelope, at, 1), access).toString();
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(new Set(messages).size).toBe(1);
  });
});
