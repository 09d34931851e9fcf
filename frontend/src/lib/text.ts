const encoder = new TextEncoder();

/** @returns the length of the text in UTF-8 bytes, which is what the limits count */
export const utf8Length = (text: string): number => encoder.encode(text).length;

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

/** Chat programs like to take the full stop or bracket that follows a link into it. */
const LINK_TAIL = /[.,;:!?)>\]}'"\s]/;

/** @returns what a URL fragment says, without its '#' and what a chat program put behind it */
export function fragmentText(fragment: string): string {
  let end = fragment.length;
  while (end > 0 && LINK_TAIL.test(fragment.charAt(end - 1))) end -= 1;
  return fragment.slice(fragment.startsWith('#') ? 1 : 0, end);
}

/** One character may take so many UTF-16 units before normalization: no decomposition is longer. */
const UNITS_MAX = 8;

/**
 * Counts as the server does (src/common/text-limits.ts): code points in NFC, so that a text has one length, however a
 * keyboard composes its accents.
 */
export function isLongerThan(text: string, characters: number): boolean {
  if (text.length <= characters) return false;
  // Cut before it is normalized: that takes long for long runs of combining marks.
  return text.length > characters * UNITS_MAX || [...text.normalize('NFC')].length > characters;
}

/** Characters that a reader cannot see but a password check will: controls, joiners, direction marks. */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** Whether retyping the text from the screen would give something else. */
export const hasInvisible = (text: string): boolean => INVISIBLE.test(text);

/**
 * Reads a file as UTF-8 text, byte for byte.
 * @returns undefined when it is not text
 */
export function decodeUtf8(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
