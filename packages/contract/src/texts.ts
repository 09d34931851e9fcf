/** Most UTF-16 units of one character before normalization: no decomposition is longer. */
const UNITS_MAX = 8;

/**
 * Counts characters as every limit does: code points in NFC, so that a text has one length, however a keyboard composes
 * its accents and however it is sent.
 */
export function isLongerThan(text: string, characters: number): boolean {
  if (text.length <= characters) return false;
  // Cut before it is normalized: that takes long for long runs of combining marks.
  if (text.length > characters * UNITS_MAX) return true;
  let count = 0;
  for (const _ of text.normalize('NFC')) count += 1;
  return count > characters;
}

/** @returns the length of the text in bytes of UTF-8; a lone surrogate counts as U+FFFD */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isPair(unit, text.charCodeAt(at + 1))) {
      bytes += 4;
      at += 1;
    } else bytes += 3;
  }
  return bytes;
}

function isPair(high: number, low: number): boolean {
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}

/**
 * Removes characters from the end of a text, in a time that grows with its length: `/[ .]+$/` looks at each run of them
 * again from each of its characters.
 * @param characters UTF-16 units that are removed
 */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
