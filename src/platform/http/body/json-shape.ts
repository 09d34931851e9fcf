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
 * One pass over a JSON text in UTF-8 as its bytes arrive, before it is parsed: linear in its bytes, and it stops at
 * the limit. The parser checks whether the text is JSON at all.
 */
export class JsonShape {
  private level = 0;
  private count = 0;
  private isInString = false;
  /** The byte before was a backslash in a string. */
  private isEscaped = false;

  constructor(private readonly limits: JsonLimits) {}

  /** @param bytes that follow those of the call before @returns the exceeded limit */
  take(bytes: Uint8Array): JsonExcess | undefined {
    const { depth, items } = this.limits;
    const { length } = bytes;
    for (let at = this.isInString ? this.afterString(bytes, 0) : 0; at < length; at++) {
      switch (bytes[at]) {
        case QUOTE:
          // The loop adds one itself.
          at = this.afterString(bytes, at + 1) - 1;
          break;
        case COMMA:
        case COLON:
          if (++this.count > items) return 'items';
          break;
        case OPEN_OBJECT:
        case OPEN_ARRAY:
          if (++this.level > depth) return 'depth';
          break;
        case CLOSE_OBJECT:
        case CLOSE_ARRAY:
          this.level--;
          break;
        default:
      }
    }
    return undefined;
  }

  /** @param from within a string @returns the position after its closing quote; the end of the bytes without one */
  private afterString(bytes: Uint8Array, from: number): number {
    const { length } = bytes;
    let at = this.isEscaped ? from + 1 : from;
    while (at < length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    this.isInString = at >= length;
    this.isEscaped = at > length;
    return at + 1;
  }
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
