import parseRange from 'range-parser';

/** Bytes from `from` (inclusive) to `to` (exclusive). */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export interface RangeHeaders {
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
}

const BYTES_UNIT = /^bytes\s*=/i;
/**
 * A suffix range longer than the file means all of it (RFC 9110, 14.1.2); the parser reports it as
 * unsatisfiable.
 */
const SUFFIX = /([=,]\s*)-(\d+)/g;

/**
 * The part of a file that a GET asks for, by RFC 9110, section 14. A range that is malformed, in another
 * unit, for another version of the file (If-Range) or in several parts is ignored, as the RFC allows: the
 * answer is the whole file.
 * @param etag of the file, strong; a date in If-Range matches nothing, since files have no Last-Modified
 * @param length of the file, in bytes
 * @returns undefined for the whole file
 */
export function requestedRange(
  { range, ifRange }: RangeHeaders,
  etag: string,
  length: number,
): ByteRange | 'unsatisfiable' | undefined {
  if (range === undefined || !BYTES_UNIT.test(range)) return undefined;
  if (ifRange !== undefined && ifRange.trim() !== etag) return undefined;
  // Content-Range cannot express a range of an empty file, and its download must not fail.
  if (length === 0) return undefined;
  const wanted = range.replace(
    SUFFIX,
    (_, before: string, bytes: string) => `${before}-${Math.min(Number(bytes), length)}`,
  );
  const parsed = parseRange(length, wanted, { combine: true });
  if (parsed === -2) return undefined;
  if (parsed === -1) return 'unsatisfiable';
  const [first, ...more] = parsed;
  if (!first || more.length > 0) return undefined;
  return { from: first.start, to: first.end + 1 };
}
