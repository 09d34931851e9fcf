import { isAscii, isUtf8 } from 'node:buffer';

/** @returns undefined for bytes that are not text of this charset */
export type TextDecoding = (bytes: Buffer) => string | undefined;

/** UTF-8 without changes: unlike `Buffer.toString` it never replaces invalid bytes with U+FFFD. */
export const decodeUtf8: TextDecoding = (bytes) => (isUtf8(bytes) ? bytes.toString('utf8') : undefined);

/** @param encoding a label of the platform's decoder (https://encoding.spec.whatwg.org) */
function platformDecoding(encoding: string): TextDecoding {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch (error) {
      if (isUndecodable(error)) return undefined;
      throw error;
    }
  };
}

const isUndecodable = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';

const latin1 = platformDecoding('windows-1252');
const utf16le = platformDecoding('utf-16le');
const utf16be = platformDecoding('utf-16be');
const ascii: TextDecoding = (bytes) => (isAscii(bytes) ? bytes.toString('latin1') : undefined);
/** Big-endian only with the byte order mark, as browsers read it. */
const utf16: TextDecoding = (bytes) =>
  bytes[0] === 0xfe && bytes[1] === 0xff ? utf16be(bytes) : utf16le(bytes);

/** The accepted charsets. ISO-8859-1 is read as windows-1252, as every browser does. */
const DECODINGS: ReadonlyMap<string, TextDecoding> = new Map([
  ['utf-8', decodeUtf8],
  ['utf8', decodeUtf8],
  ['us-ascii', ascii],
  ['ascii', ascii],
  ['utf-16', utf16],
  ['utf-16le', utf16le],
  ['utf-16be', utf16be],
  ['iso-8859-1', latin1],
  ['latin1', latin1],
  ['windows-1252', latin1],
  ['cp1252', latin1],
]);

const KEPT_MAX = 100;
const kept = new Map<string, TextDecoding | undefined>();

/** @returns the charset parameters of a Content-Type, in lower case and without quotes */
function charsetsIn(contentType: string): string[] {
  return contentType.split(';').flatMap((parameter) => {
    const [name = '', ...value] = parameter.split('=');
    if (name.trim().toLowerCase() !== 'charset') return [];
    return [
      value
        .join('=')
        .trim()
        .replace(/^"(.*)"$/s, '$1')
        .toLowerCase(),
    ];
  });
}

/**
 * @returns the decoder for this Content-Type: UTF-8 when it names no charset; undefined for a charset that is
 * not accepted, and for two
 */
export function decodingOf(contentType: string): TextDecoding | undefined {
  if (kept.has(contentType)) return kept.get(contentType);
  const [charset = 'utf-8', ...more] = charsetsIn(contentType);
  const decoding = more.length > 0 ? undefined : DECODINGS.get(charset);
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(contentType, decoding);
  return decoding;
}
