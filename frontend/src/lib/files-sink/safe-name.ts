import { withoutTrailing } from '../text';

const FALLBACK = 'file';
/** What file systems allow (NAME_MAX). */
const NAME_MAX_BYTES = 255;
/** A longer "extension" is part of the name. */
const EXTENSION_MAX_BYTES = 32;

/** Controls and line ends. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** They turn what follows around (`exe.pdf` for `fdp.exe`), or are not seen at all. Joiners stay: emoji need them. */
const DECEIVING = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
/** Windows refuses them; `:` names a stream there. */
const REFUSED = /[<>:"|?*]/g;
/** Devices on Windows, whatever the extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?= *(?:\.|$))/i;
/** Of a longer name only the end is looked at: it has the extension. */
const LOOKED_AT_UNITS = 8_192;

const trimmed = (name: string): string => withoutTrailing(name.replace(/^ +/, ''), ' .');
const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

/** @returns as many whole characters of `text` as fit into `bytes` of UTF-8 */
function cut(text: string, bytes: number): string {
  if (bytesOf(text) <= bytes) return text;
  let left = bytes;
  let kept = '';
  for (const character of text) {
    left -= bytesOf(character);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

function split(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot) : '';
  return extension === '' || bytesOf(extension) > EXTENSION_MAX_BYTES
    ? [name, '']
    : [name.slice(0, dot), extension];
}

/** @returns the name with `mark` before its extension, of at most 255 bytes: what gives way is the stem */
function fitted(name: string, mark = ''): string {
  const [stem, extension] = split(name);
  const room = NAME_MAX_BYTES - bytesOf(mark) - bytesOf(extension);
  return trimmed(cut(stem, room)) + mark + extension;
}

/**
 * A name that is safe to save under on any system: what the server does to names that it can see (a test holds both
 * together), done here to those that it cannot. Never empty.
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
  return fitted(tidy.replace(DEVICE, '_$&'));
}

/** Safe names that differ, also where case does not count: the second `a.txt` is `a (2).txt`. */
export function uniqueFileNames(names: readonly string[]): string[] {
  const fold = (name: string): string => name.toLowerCase();
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
