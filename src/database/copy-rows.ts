import { putInt64 } from '../common/int64.js';

/** PostgreSQL counts its time from 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const SIGNATURE = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const NULL = -1;
const JSONB_VERSION = 1;
const LONGEST_FIXED = 16;

/**
 * Rows in the binary format of `COPY ... FROM STDIN (FORMAT binary)`: neither end formats or parses numbers
 * as text, which for a batch of events costs more than storing them. Begin each row with `row`, then add its
 * columns in order.
 */
export class CopyRows {
  private bytes = Buffer.allocUnsafe(65_536);
  private view = viewOf(this.bytes);
  private end = SIGNATURE.copy(this.bytes);

  /** @param columns that every row has */
  constructor(private readonly columns: number) {}

  row(): this {
    this.reserve(LONGEST_FIXED);
    this.end = this.bytes.writeInt16BE(this.columns, this.end);
    return this;
  }

  text(value: string | null): this {
    if (value === null) return this.none();
    // At most three bytes of UTF-8 for each UTF-16 unit.
    this.reserve(LONGEST_FIXED + value.length * 3);
    const length = this.bytes.write(value, this.end + 4, 'utf8');
    this.bytes.writeInt32BE(length, this.end);
    this.end += 4 + length;
    return this;
  }

  /** @param value the text of a JSON value */
  jsonb(value: string): this {
    this.reserve(LONGEST_FIXED + value.length * 3);
    const length = this.bytes.write(value, this.end + 5, 'utf8');
    this.bytes.writeInt32BE(1 + length, this.end);
    this.bytes.writeUInt8(JSONB_VERSION, this.end + 4);
    this.end += 5 + length;
    return this;
  }

  bytea(value: Buffer): this {
    this.reserve(LONGEST_FIXED + value.length);
    this.end = this.bytes.writeInt32BE(value.length, this.end);
    this.end += value.copy(this.bytes, this.end);
    return this;
  }

  /** @throws RangeError for anything but a safe integer */
  int8(value: number): this {
    this.reserve(LONGEST_FIXED);
    this.end = this.bytes.writeInt32BE(8, this.end);
    this.end = putInt64(this.view, this.end, value);
    return this;
  }

  int2(value: number): this {
    this.reserve(LONGEST_FIXED);
    this.end = this.bytes.writeInt32BE(2, this.end);
    this.end = this.bytes.writeInt16BE(value, this.end);
    return this;
  }

  bool(value: boolean): this {
    this.reserve(LONGEST_FIXED);
    this.end = this.bytes.writeInt32BE(1, this.end);
    this.end = this.bytes.writeUInt8(value ? 1 : 0, this.end);
    return this;
  }

  /** @param ms since the epoch, a whole number @throws RangeError beyond the year 2285 */
  timestamptz(ms: number): this {
    return this.int8((ms - POSTGRES_EPOCH_MS) * 1_000);
  }

  /** @returns all rows with the end marker; nothing may be added afterwards */
  finish(): Buffer {
    this.reserve(LONGEST_FIXED);
    this.end = this.bytes.writeInt16BE(NULL, this.end);
    return this.bytes.subarray(0, this.end);
  }

  private none(): this {
    this.reserve(LONGEST_FIXED);
    this.end = this.bytes.writeInt32BE(NULL, this.end);
    return this;
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.end + bytes));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
