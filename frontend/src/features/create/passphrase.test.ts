/** @jest-environment node */
import { randomBelow } from '../../lib/random';
import { estimateBits, generatePassphrase, strengthOf } from './passphrase';

/** Uniform integers in [0, bound), the same ones for the same seed. */
function seededBelow(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

const strength = (text: string) => strengthOf(estimateBits(text));

describe('the strength of a passphrase', () => {
  it.each([
    '',
    'a',
    '123456',
    'password',
    'P@ssw0rd!',
    'Sommer2026!',
    'aaaaaaaaaaaaaaaa',
    'abcdefghijklmnop',
    'Geheim123',
    'hello',
    'qwertz123',
  ])('calls a common password weak: "%s"', (text) => expect(strength(text)).toBe('weak'));

  it('calls one long dictionary word weak', () => expect(strength('extraordinary')).toBe('weak'));

  it('is not misled by a pattern in the shape of a generated one', () =>
    expect(strength('aaaa-bbbb-cccc-dddd')).not.toBe('strong'));

  it('calls a sentence of six words strong', () =>
    expect(strength('marble canoe thirsty planet oven ladder')).toBe('strong'));

  // Seeded: about one in 100,000 generated ones repeats four of its steps, and is called good.
  it('calls generated ones strong', () => {
    const below = seededBelow(1);
    for (let round = 0; round < 200; round += 1) expect(strength(generatePassphrase(below))).toBe('strong');
  });
});

describe('the generator', () => {
  it('uses no characters that look alike', () => {
    expect(generatePassphrase()).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/);
  });

  it('drops the bytes that would favour the first characters', () => {
    const bytes = [255, 254, 248, 247];
    const drawn = randomBelow(31, () => Uint8Array.of(bytes.shift() ?? 0));
    expect(drawn).toBe(247 % 31);
    expect(bytes).toEqual([]);
  });

  it('draws every character about equally often', () => {
    const counts = Array.from({ length: 31 }, () => 0);
    for (let draw = 0; draw < 31_000; draw += 1) {
      const at = randomBelow(31);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(220);
  });
});
