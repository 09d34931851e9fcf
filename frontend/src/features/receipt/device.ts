/** In this order: Edge also calls itself Chrome, and Chrome Safari. */
const PROGRAMS = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const;

const SYSTEMS = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const;

const LONGEST = 40;
/** Characters of a name; a user agent is any text, including invisible and direction-changing characters. */
const NOT_PLAIN = /[^\p{Letter}\p{Number} .,_\-/+:()]/gu;

const named = (names: readonly (readonly [string, RegExp])[], text: string): string | undefined =>
  names.find(([, pattern]) => pattern.test(text))?.[0];

/** At most 40 plain characters of an untrusted text; undefined when nothing is left. */
export function plainly(text: string): string | undefined {
  const plain = [...text.replace(NOT_PLAIN, '').trim()];
  if (plain.length === 0) return undefined;
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST).join('')}…` : plain.join('');
}

/**
 * A user agent in a few words: "Firefox, Windows", or for a program its own first word, such as "curl/8.5.0".
 * It is a claim of the device, not a proof. @returns undefined when it is unknown
 */
export function deviceOf(userAgent: string): string | undefined {
  const program = named(PROGRAMS, userAgent);
  if (!program) return plainly(userAgent.split(' ')[0] ?? '');
  return [program, named(SYSTEMS, userAgent)].filter(Boolean).join(', ');
}
