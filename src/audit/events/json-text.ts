import { storableText } from '../../common/storable-text.js';

export type FlatObject = Readonly<Record<string, string | number | boolean>>;

/**
 * The text that PostgreSQL prints for the object as jsonb (`'...'::jsonb::text`): keys by length in bytes,
 * then by bytes; `", "` and `": "` between. Characters that it cannot store are escaped, see `storableText`.
 * @throws RangeError for a number that is not a safe integer, whose digits are not exact
 */
export function jsonbText(object: FlatObject): string {
  const entries = Object.entries(object);
  if (entries.length === 0) return '{}';
  if (entries.length > 1) entries.sort(([a], [b]) => byJsonbOrder(storableText(a), storableText(b)));
  return `{${entries.map(([key, value]) => `${stringText(key)}: ${valueText(key, value)}`).join(', ')}}`;
}

const ASCII = /^[\x01-\x7f]*$/;

function byJsonbOrder(a: string, b: string): number {
  if (ASCII.test(a) && ASCII.test(b)) return a.length - b.length || (a < b ? -1 : Number(a > b));
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length - right.length || left.compare(right);
}

/** JSON.stringify escapes a well-formed string exactly as PostgreSQL does: short forms, else \u00xx in lower case. */
function stringText(text: string): string {
  return JSON.stringify(storableText(text));
}

function valueText(key: string, value: string | number | boolean): string {
  if (typeof value === 'string') return stringText(value);
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RangeError(`"${key}" of an audit event must be a safe integer`);
  }
  return String(value);
}
