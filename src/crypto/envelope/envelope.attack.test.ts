import { createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';
import { idBytes, refOf } from '../../common/ids.js';
import { EnvelopeDamagedError } from '../crypto.errors.js';
import { openEnvelope, sealEnvelope } from './envelope.js';
import { Keyring } from '../keyring/keyring.js';
import { systemRandom } from '../random-source.port.js';

/**
 * Promise 2: an attacker with the store, the backups, the logs and the master key still lacks the link. This
 * attack follows docs/envelope.md with a copy of everything but the id; with the id the same attack succeeds.
 */
const kek = randomBytes(32);
const id = idBytes('3f2b8c1e-9d4a-4e6b-8f70-1a2b3c4d5e6f');
const ref = refOf(id);
const purpose = Buffer.from('burnbag/text/v1\x00\x01');
const secret = Buffer.from('the launch code is 00000000');
const keyring = Keyring.of(1, kek);
const envelope = sealEnvelope(keyring, systemRandom, secret, { id, ref, purpose });

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const aad = (label: string, ...header: Uint8Array[]) =>
  Buffer.concat([Buffer.from(label), ...header, ref, u32(purpose.length), purpose]);

function decrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  data: Uint8Array,
): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(data).setAuthTag(sealed.subarray(-16));
  const plaintext = decipher.update(sealed.subarray(0, -16));
  try {
    decipher.final();
    return plaintext.toString('hex');
  } catch {
    return undefined;
  }
}

const stolenDek = (): Buffer => {
  const header = envelope.subarray(0, 18);
  const dek = decrypt(
    kek,
    envelope.subarray(6, 18),
    envelope.subarray(18, 66),
    aad('burnbag/aad/wrap/v1', header),
  );
  return Buffer.from(dek ?? '', 'hex');
};

const tryKey = (key: Uint8Array): string | undefined =>
  decrypt(
    key,
    envelope.subarray(66, 78),
    envelope.subarray(78),
    aad('burnbag/aad/content/v1', envelope.subarray(0, 2), envelope.subarray(66, 78)),
  );

const contentKey = (dek: Uint8Array, salt: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', dek, salt, 'burnbag/content/v1', 32));

describe('a thief with the store and every key', () => {
  it('can take the data key out of the envelope', () => {
    expect(stolenDek()).toHaveLength(32);
  });

  it('opens nothing with the data key alone, nor with anything derived from stored data', () => {
    const dek = stolenDek();
    const known = [
      ref,
      purpose,
      dek,
      kek,
      envelope,
      Buffer.alloc(0),
      Buffer.alloc(16),
      refOf(ref),
      hash('sha256', ref, 'buffer'),
    ];
    const salts = [
      ...known,
      ...known.map((bytes) => bytes.subarray(0, 16)),
      Buffer.from(ref.toString('hex')),
    ];
    for (const salt of salts) expect(tryKey(contentKey(dek, salt))).toBeUndefined();
    for (const key of [dek, kek]) expect(tryKey(key)).toBeUndefined();
  });

  it('cannot use our own code either: every other id is refused', () => {
    for (const guess of [ref, Buffer.alloc(16), ...Array.from({ length: 200 }, () => randomBytes(16))]) {
      expect(() => openEnvelope(keyring, envelope, { id: guess, ref, purpose })).toThrow(
        EnvelopeDamagedError,
      );
    }
    for (let bit = 0; bit < 128; bit++) {
      const near = Buffer.from(id);
      near[bit >> 3] = (near[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openEnvelope(keyring, envelope, { id: near, ref, purpose })).toThrow(EnvelopeDamagedError);
    }
  });

  it('would succeed with the link, so the attack above is the real one', () => {
    expect(Buffer.from(tryKey(contentKey(stolenDek(), id)) ?? '', 'hex').equals(secret)).toBe(true);
  });

  it('lacks the passphrase even with the link', () => {
    const passphraseKey = randomBytes(32);
    const guarded = sealEnvelope(keyring, systemRandom, secret, { id, ref, purpose, passphraseKey });
    expect(() => openEnvelope(keyring, guarded, { id, ref, purpose })).toThrow(EnvelopeDamagedError);
    expect(openEnvelope(keyring, guarded, { id, ref, purpose, passphraseKey }).equals(secret)).toBe(true);
  });
});
