import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { aes256gcmOpen, aes256gcmSeal, TAG_BYTES } from './aead.js';
import { EnvelopeDamagedError, InvalidLengthError } from '../crypto.errors.js';

interface Case {
  tcId: number;
  tagBits: number;
  result: 'valid' | 'invalid';
  flags: string[];
  comment: string;
  key: string;
  iv: string;
  aad: string;
  msg: string;
  ct: string;
  tag: string;
}

const file = new URL('../../../test/vectors/wycheproof.aes-256-gcm.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };
const hex = (text: string) => Buffer.from(text, 'hex');
const named = (chosen: Case[]) =>
  chosen.map((c) => [`${c.tcId} ${c.flags.join(' ')} ${c.comment}`, c] as const);
const ours = cases.filter(({ iv, tagBits }) => iv.length === 24 && tagBits === 128);
const otherSizes = cases.filter((c) => !ours.includes(c));

const seal = (key: KeyObject, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Buffer => {
  const out = Buffer.alloc(plaintext.length + TAG_BYTES);
  aes256gcmSeal(key, nonce, aad, plaintext, out, 0);
  return out;
};

describe('AES-256-GCM as the envelope calls it', () => {
  it('has all cases of Wycheproof with a 256-bit key', () => {
    expect([ours.length, otherSizes.length]).toEqual([66, 39]);
  });

  it.each(named(ours.filter(({ result }) => result === 'valid')))('agrees with Wycheproof %s', (_, c) => {
    const key = createSecretKey(hex(c.key));
    expect(seal(key, hex(c.iv), hex(c.aad), hex(c.msg)).toString('hex')).toBe(c.ct + c.tag);
    expect(aes256gcmOpen(key, hex(c.iv), hex(c.aad), hex(c.ct + c.tag)).toString('hex')).toBe(c.msg);
  });

  it.each(named(ours.filter(({ result }) => result === 'invalid')))('refuses Wycheproof %s', (_, c) => {
    const open = () => aes256gcmOpen(createSecretKey(hex(c.key)), hex(c.iv), hex(c.aad), hex(c.ct + c.tag));
    expect(open).toThrow(EnvelopeDamagedError);
  });

  it.each(named(otherSizes))('refuses the nonce size of Wycheproof %s', (_, c) => {
    const key = createSecretKey(hex(c.key));
    expect(() => seal(key, hex(c.iv), hex(c.aad), hex(c.msg))).toThrow(InvalidLengthError);
    expect(() => aes256gcmOpen(key, hex(c.iv), hex(c.aad), hex(c.ct + c.tag))).toThrow(InvalidLengthError);
  });

  it.each([16, 24, 31, 33, 64])('refuses a key of %i bytes', (length) => {
    const key = createSecretKey(randomBytes(length));
    expect(() => seal(key, randomBytes(12), randomBytes(1), randomBytes(1))).toThrow(InvalidLengthError);
    expect(() => aes256gcmOpen(key, randomBytes(12), randomBytes(1), randomBytes(17))).toThrow(
      InvalidLengthError,
    );
  });

  it('takes no shortened tag', () => {
    const key = createSecretKey(randomBytes(32));
    const [nonce, aad] = [randomBytes(12), randomBytes(5)];
    const sealed = seal(key, nonce, aad, Buffer.alloc(0));
    for (let length = 0; length < TAG_BYTES; length++) {
      expect(() => aes256gcmOpen(key, nonce, aad, sealed.subarray(0, length))).toThrow(EnvelopeDamagedError);
    }
    expect(aes256gcmOpen(key, nonce, aad, sealed)).toHaveLength(0);
  });
});
