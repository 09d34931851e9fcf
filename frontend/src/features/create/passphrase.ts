import { randomBelow } from '../../lib/random';

/** No 0/o, 1/i/l: it can be read out on the telephone, in any language. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** Sixteen random characters in four groups, about 79 bits. @param below uniform integer in [0, bound) */
export function generatePassphrase(below: (bound: number) => number = randomBelow): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[below(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** The words, rows of keys and years that guessing begins with. Compared in lower case, letters for digits. */
const COMMON =
  /password|passwort|passw|secret|geheim|qwert[yz]?|asdf|letmein|welcome|willkommen|admin|login|iloveyou|hallo|hello|monkey|dragon|sommer|summer|winter|firma|company|test|abc|burnbag|(?:19|20)\d\d/g;

const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};
const plain = (text: string) => text.toLowerCase().replace(/[013457@$]/g, (char) => LEET[char] ?? char);

/** Number of characters to try at each place, by the kinds that occur. */
function poolOf(text: string): number {
  const kinds: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[ -/:-@[-`{-~]/, 33],
    [/[^ -~]/, 60],
  ];
  return kinds.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 0);
}

/**
 * Characters that cannot be predicted from the ones before: runs such as "aaaa", "abcd" or "9753" count as
 * two.
 */
function surprises(text: string): number {
  const codes = [...text].map((char) => char.codePointAt(0) ?? 0);
  const steps = codes.map((code, at) => code - (codes[at - 1] ?? Number.NaN));
  return steps.filter((step, at) => at === 0 || step !== steps[at - 1]).length;
}

/** A word out of a large dictionary; it is guessed whole. Longer than this it may be two. */
const BITS_OF_A_WORD = 11;
const LONG_WORD = 10;

function bitsOfRun(run: string, bitsPerCharacter: number): number {
  const asDrawn = surprises(run) * bitsPerCharacter;
  const wordlike = /^\p{L}{3,}$/u.test(run) && /[aeiouyäöü]/i.test(run);
  return wordlike ? Math.min(asDrawn, run.length > LONG_WORD ? 2 * BITS_OF_A_WORD : BITS_OF_A_WORD) : asDrawn;
}

/** The form of {@link generatePassphrase}: random, so short letter groups in it are not words. */
const DRAWN = /^[a-z2-9]{4}(?:-[a-z2-9]{4}){3}$/;

/**
 * A conservative estimate of the strength of a passphrase: a possible word counts as a word, common passwords
 * count for almost nothing. It can still be too high: only a generated one has a known strength.
 * @returns bits
 */
export function estimateBits(passphrase: string): number {
  if (passphrase === '') return 0;
  if (DRAWN.test(passphrase))
    return Math.round(surprises(passphrase.replaceAll('-', '')) * Math.log2(ALPHABET.length));
  const common = plain(passphrase).match(COMMON) ?? [];
  const unknown = 1 - common.join('').length / passphrase.length;
  const perCharacter = Math.log2(Math.max(2, poolOf(passphrase)));
  const runs = passphrase.match(/\p{L}+|\P{L}+/gu) ?? [];
  const bits = runs.reduce((sum, run) => sum + bitsOfRun(run, perCharacter), 0);
  return Math.round(Math.max(0, bits * unknown + common.length * 3));
}

export type Strength = 'weak' | 'fair' | 'good' | 'strong';

/** @param bits by {@link estimateBits}; guessing costs 46 MiB of memory a try, so 60 bits are out of reach */
export function strengthOf(bits: number): Strength {
  if (bits < 30) return 'weak';
  if (bits < 45) return 'fair';
  return bits < 60 ? 'good' : 'strong';
}
