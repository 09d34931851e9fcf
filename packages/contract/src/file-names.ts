import { utf8Length, withoutTrailing } from './texts.js';

const FALLBACK = 'file';
/** What file systems allow (NAME_MAX). */
const NAME_MAX_BYTES = 255;
/** A longer "extension" is part of the name. */
const EXTENSION_MAX_BYTES = 32;

/** Controls and line ends break headers and terminals. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/**
 * Bidirectional controls reverse text (`exe.pdf` for `fdp.exe`), or are invisible. Joiners stay: emoji need
 * them.
 */
const DECEIVING = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
/** Windows refuses them; `:` names a stream there. */
const REFUSED = /[<>:"|?*]/g;
/** Devices on Windows, whatever the extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?= *(?:\.|$))/i;
/** Of a longer name only the end, with its extension, is used. */
const LOOKED_AT_UNITS = 8_192;

/** Trims misleading blanks and dots. */
const trimmed = (name: string): string => withoutTrailing(name, ' .').replace(/^ +/, '');

/** @returns as many whole characters of `text` as fit into `bytes` of UTF-8 */
function cut(text: string, bytes: number): string {
  if (utf8Length(text) <= bytes) return text;
  let left = bytes;
  let kept = '';
  for (const character of text) {
    left -= utf8Length(character);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

/** Cuts before the last dot, if an extension begins there. */
function split(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot) : '';
  return extension === '' || utf8Length(extension) > EXTENSION_MAX_BYTES
    ? [name, '']
    : [name.slice(0, dot), extension];
}

/** @returns the name with `mark` before its extension, of at most 255 bytes; shortens the stem */
function fitted(name: string, mark = ''): string {
  const [stem, extension] = split(name);
  const room = NAME_MAX_BYTES - utf8Length(mark) - utf8Length(extension);
  return trimmed(cut(stem, room)) + mark + extension;
}

/**
 * A name that is safe to write on any system and to put into a header: the last part of a path, no `..`, no
 * control or bidirectional characters, no name of a Windows device, no dot or space at its end, at most 255
 * bytes of UTF-8 with its extension. Never empty: `file` when nothing is left. Safe names are unchanged.
 */
export function safeFileName(name: string): string {
  const last = name
    .slice(-LOOKED_AT_UNITS)
    .toWellFormed()
    .normalize('NFC')
    .replace(DECEIVING, '')
    .replace(BREAKING, ' ')
    .split(/[/\\]/)
    .findLast((part) => part.replace(/[ .]/g, '') !== '');
  const tidy = trimmed(
    (last ?? FALLBACK)
      .replace(REFUSED, '_')
      .replace(/ {2,}/g, ' ')
      .replace(/\.{2,}/g, '.'),
  );
  // A new first letter makes it a regular name; the mark may cost the last letter.
  return fitted(tidy.replace(DEVICE, '_$&'));
}

/**
 * The same in ASCII, for the parameter `filename` that old clients read: letters lose their accents, and
 * other characters become `_`. `safeFileName` leaves the result unchanged.
 */
export function asciiFileName(name: string): string {
  const plain = safeFileName(name)
    .replace(/[ßẞ]/g, 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '_');
  return safeFileName(plain);
}

/**
 * Unique safe names, also where case does not count: the second `a.txt` is `a (2).txt`.
 * @returns one name for each of `names`, in order
 */
export function uniqueFileNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return names.map((raw) => {
    const name = safeFileName(raw);
    let unique = name;
    for (let count = counts.get(fold(name)) ?? 1; taken.has(fold(unique));) {
      count += 1;
      counts.set(fold(name), count);
      unique = fitted(name, ` (${count})`);
    }
    taken.add(fold(unique));
    return unique;
  });
}

const fold = (name: string): string => name.toLowerCase();
