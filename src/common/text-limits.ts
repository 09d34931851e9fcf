/** Longest passphrase, by every way in: JSON, form, header. In characters as `isLongerThan` counts them. */
export const PASSPHRASE_MAX_CHARACTERS = 256;

/** One character may take so many UTF-16 units before normalization: no decomposition is longer. */
const UNITS_MAX = 8;

/**
 * The one way in which characters are counted: code points in NFC. A text has one length, however a keyboard composes
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

/** @returns at most so many UTF-16 units of `text`, marked where it was cut and never inside a character */
export function shortened(text: string, units: number): string {
  if (text.length <= units) return text;
  const cut = text.slice(0, units - 1);
  const last = cut.charCodeAt(cut.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${isHalf ? cut.slice(0, -1) : cut}…`;
}
