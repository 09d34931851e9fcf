/** Controls, line ends, and marks that change the direction of writing: a name must not look like another. */
const TRICKY =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/gu;
const LONGEST_SHOWN = 80;
/** Characters at the end of a long name that are kept, with the extension. */
const END_SHOWN = 24;

/**
 * A name in displayable form: without hidden or direction-changing characters, and at most 80 characters
 * long.
 */
export function shownName(name: string): string {
  const plain = [...name.toWellFormed().replace(TRICKY, '\ufffd')];
  if (plain.length <= LONGEST_SHOWN) return plain.join('');
  const head = plain.slice(0, LONGEST_SHOWN - END_SHOWN - 1).join('');
  return `${head}\u2026${plain.slice(-END_SHOWN).join('')}`;
}

/** What stands after the last dot, in lower case: "pdf"; empty without one. A leading dot begins a name, no extension. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}
