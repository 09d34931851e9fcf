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

/** How many characters a guesser must try at each place, by the kinds that occur. */
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

/** Characters that the one before does not already give away: no repeats and no steps such as "abc" or "321". */
function surprises(text: string): number {
  const codes = [...text].map((char) => char.codePointAt(0) ?? 0);
  return codes.filter((code, at) => at === 0 || Math.abs(code - (codes[at - 1] ?? 0)) > 1).length;
}

/** Bits per letter of a run of letters with vowels in it: it is likely a word, and words are guessed whole. */
const BITS_OF_A_WORD = 11;

function bitsOfRun(run: string): number {
  const asDrawn = surprises(run) * Math.log2(Math.max(2, poolOf(run)));
  const wordlike = /^\p{L}{3,}$/u.test(run) && /[aeiouyäöü]/i.test(run);
  return wordlike ? Math.min(asDrawn, BITS_OF_A_WORD + (run.length > 10 ? BITS_OF_A_WORD : 0)) : asDrawn;
}

/**
 * A careful guess at the strength of a passphrase: what looks like a word counts as a word, what everybody uses
 * counts for almost nothing. It can still be too high: only a generated one has a known strength.
 * @returns bits
 */
export function estimateBits(passphrase: string): number {
  const common = plain(passphrase).match(COMMON) ?? [];
  const known = common.reduce((sum, word) => sum + word.length, 0);
  const share = passphrase.length === 0 ? 0 : 1 - known / passphrase.length;
  const runs = passphrase.match(/\p{L}+|\P{L}+/gu) ?? [];
  const mixed = runs.length > 3 && runs.every((run) => run.length <= 4);
  // Short mixed runs, such as the generated ones, are drawn rather than written.
  const bits = mixed
    ? surprises(passphrase.replace(/-/g, '')) * Math.log2(Math.max(2, poolOf(passphrase.replace(/-/g, ''))))
    : runs.reduce((sum, run) => sum + bitsOfRun(run), 0);
  return Math.round(Math.max(0, bits * share + common.length * 3));
}

export type Strength = 'weak' | 'fair' | 'good' | 'strong';

/** @param bits by {@link estimateBits}; guessing costs 46 MiB of memory a try, so 60 bits are out of reach */
export function strengthOf(bits: number): Strength {
  if (bits < 30) return 'weak';
  if (bits < 45) return 'fair';
  return bits < 60 ? 'good' : 'strong';
}
