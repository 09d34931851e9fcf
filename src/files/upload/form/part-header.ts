import { isUtf8 } from 'node:buffer';

import { decodeUtf8, decodingOf, type TextDecoding } from '../../../platform/http/validation/charset.js';
import { notInCharset, unsupportedCharset } from '../../../platform/http/problem/common.errors.js';

/** A part's header as the multipart parser has it: one character for each byte. */
export type PartHeader = Record<string, string[] | undefined>;

/** `name*` or `filename*` of RFC 8187; the parser accepts them, though forms must not have them. */
const EXTENDED = /(?:^|;)[ \t]*(file)?name\*[ \t]*=([^;]*)/gi;

const bytesOf = (octets: string): Buffer => Buffer.from(octets, 'latin1');

/** @returns whether a value of RFC 8187 is text in its charset */
function isExtendedText(value: string): boolean {
  const [charset = '', , ...escaped] = value.trim().replace(/^"|"$/g, '').split("'");
  const octets = escaped
    .join("'")
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const decode = decodingOf(`text/plain; charset=${charset}`);
  return decode !== undefined && decode(bytesOf(octets)) !== undefined;
}

/** The parser would replace invalid UTF-8 with U+FFFD. @throws ProblemError validation_failed */
function requireNames(disposition: string): void {
  if (!isUtf8(bytesOf(disposition))) {
    // The text before the file's name is short: `form-data; name="file"; `.
    const at = disposition.search(/filename/i);
    const isName = at >= 0 && isUtf8(bytesOf(disposition.slice(0, at)));
    throw notInCharset(isName ? 'file.name' : 'Content-Disposition');
  }
  for (const [, file, value = ''] of disposition.matchAll(EXTENDED)) {
    if (!isExtendedText(value)) throw notInCharset(file ? 'file.name' : 'Content-Disposition');
  }
}

/**
 * Checks the header of a part before the parser reads it, and removes its charset, so that the parser leaves
 * the bytes of a field as they are.
 * @returns how the text of the part is decoded
 * @throws ProblemError validation_failed, unsupported_media_type
 */
export function takeCharset(header: PartHeader): TextDecoding {
  requireNames(header['content-disposition']?.[0] ?? '');
  const type = header['content-type']?.[0];
  if (type === undefined) return decodeUtf8;
  if (!isUtf8(bytesOf(type))) throw notInCharset('file.type');
  const decoding = decodingOf(type);
  if (decoding === undefined) throw unsupportedCharset();
  header['content-type'] = [type.split(';', 1)[0]?.trim() ?? ''];
  return decoding;
}
