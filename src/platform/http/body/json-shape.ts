/** Maximum structure of a JSON body. */
export interface JsonLimits {
  /** Nesting of objects and arrays. */
  readonly depth: number;
  /** Members of objects, and separators between values, of the whole body. */
  readonly items: number;
}

export type JsonExcess = keyof JsonLimits;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * @param from of the opening quote @returns the position of the closing quote; the end of the bytes without
 * one
 */
function endOfString(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  let at = from + 1;
  while (at < length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/**
 * One pass over a JSON text in UTF-8, before it is parsed: linear in its bytes, and it stops at the limit.
 * The parser checks whether the text is JSON at all.
 * @returns the exceeded limit
 */
export function jsonExcess(bytes: Uint8Array, { depth, items }: JsonLimits): JsonExcess | undefined {
  const { length } = bytes;
  let level = 0;
  let count = 0;
  for (let at = 0; at < length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at);
        break;
      case COMMA:
      case COLON:
        if (++count > items) return 'items';
        break;
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (++level > depth) return 'depth';
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        level--;
        break;
      default:
    }
  }
  return undefined;
}

/**
 * @param isText tells whether bytes are text @returns the name of the first member of the outermost object
 * whose value is not; undefined when that cannot be told
 */
export function memberThatIsNot(
  isText: (bytes: Uint8Array) => boolean,
  bytes: Uint8Array,
): string | undefined {
  let level = 0;
  let from = 0;
  let name: string | undefined;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (level++ === 0) from = at + 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) level--;
    if (level === 1 && byte === COLON) {
      name = textIn(bytes.subarray(from, at), isText);
      from = at + 1;
    } else if ((level === 1 && byte === COMMA) || level < 1) {
      if (!isText(bytes.subarray(from, at))) return name;
      from = at + 1;
    }
  }
  return isText(bytes.subarray(from)) ? undefined : name;
}

function textIn(bytes: Uint8Array, isText: (bytes: Uint8Array) => boolean): string | undefined {
  if (!isText(bytes)) return undefined;
  try {
    const text: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof text === 'string' ? text : undefined;
  } catch {
    // Not JSON: then it has no names.
    return undefined;
  }
}
