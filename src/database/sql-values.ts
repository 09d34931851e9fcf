import type { SqlValue } from './database.port.js';

/** Type numbers of PostgreSQL (pg_type.oid) whose values the drivers would return differently. */
export const OID = {
  bytea: 17,
  int8: 20,

  date: 1082,
  timestamp: 1114,
  numeric: 1700,
} as const;

function arrayElement(value: string | number | boolean | null): string {
  return value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`;
}

/**
 * A parameter in PostgreSQL's own text form, which the server converts to the type of the statement: so both
 * drivers send the same.
 */
export function encodeParam(value: SqlValue): string | null {
  if (value === null || typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (typeof value === 'object') return `{${value.map(arrayElement).join(',')}}`;
  return String(value);
}

/** @throws RangeError when a number of JavaScript cannot hold this whole number exactly */
export function decodeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RangeError(`${text} from the database is beyond what a number holds exactly`);
  }
  return value;
}
