import { hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InvalidLengthError } from '../crypto.errors.js';
import { hkdfInfo, hkdfSha256 } from './hkdf.js';

interface Case {
  tcId: number;
  ikm: string;
  salt: string;
  info: string;
  size: number;
  okm: string;
}

const file = new URL('../../../test/vectors/wycheproof.hkdf-sha256.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };
const hex = (text: string) => Buffer.from(text, 'hex');

describe('HKDF-SHA-256', () => {
  it.each(cases.map((c) => [c.tcId, c] as const))(
    'agrees with Wycheproof %i',
    (_, { ikm, salt, info, size, okm }) => {
      const output = hkdfSha256(hex(ikm), hex(salt), hkdfInfo(hex(info).toString('latin1')));
      expect(output.subarray(0, size).toString('hex')).toBe(okm);
    },
  );

  it('agrees with node:crypto for every salt and input length that it accepts', () => {
    const info = hkdfInfo('burnbag/content/v1');
    for (let length = 0; length <= 64; length++) {
      const [ikm, salt] = [randomBytes(length * 2), randomBytes(length)];
      const expected = Buffer.from(hkdfSync('sha256', ikm, salt, 'burnbag/content/v1', 32));
      expect(hkdfSha256(ikm, salt, info).equals(expected)).toBe(true);
    }
    expect(() => hkdfSha256(randomBytes(32), randomBytes(65), info)).toThrow(InvalidLengthError);
  });
});
